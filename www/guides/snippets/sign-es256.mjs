import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";

const token = await new SignJWT({
  campaignId: "your-campaign",
  form: { firstname: "Zoë", email: "zoe@example.com" },
})
  .setProtectedHeader({ alg: "ES256", kid: "2026a" })
  .setSubject("1234")
  .setIssuedAt()
  .setExpirationTime("5 minutes")
  .sign(createPrivateKey(process.env.PRIVATE_KEY)); // the content of private.pem
console.log(token);
