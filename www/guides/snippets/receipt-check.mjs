import { createRemoteJWKSet, jwtVerify } from "jose";

const keys = createRemoteJWKSet(new URL("https://campaigns.example/.well-known/jwks.json"));
const { payload } = await jwtVerify(process.env.RECEIPT, keys, {
  typ: "participation+jwt",
  issuer: "https://campaigns.example",
  audience: "your-account",
  algorithms: ["ES256"],
});
if (payload.campaignId !== "your-campaign") throw new Error("another campaign");
const rewarded = new Set(); // in your database, with a unique key
if (!rewarded.has(payload.jti)) {
  rewarded.add(payload.jti);
  console.log(`reward ${payload.sub}`);
}
