import { SignJWT } from "jose";

const token = await new SignJWT({
  campaignId: "your-campaign",
  form: { firstname: "Zoë", email: "zoe@example.com" },
})
  .setProtectedHeader({ alg: "HS256" })
  .setSubject("1234")
  .setIssuedAt()
  .setExpirationTime("5 minutes")
  .sign(Buffer.from(process.env.TOKEN_KEY, "base64url"));
console.log(token);
