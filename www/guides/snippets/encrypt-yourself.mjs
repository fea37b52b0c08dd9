import { CompactEncrypt } from "jose";

const token = await new CompactEncrypt(new TextEncoder().encode(process.env.TOKEN))
  .setProtectedHeader({ alg: "A256KW", enc: "A256GCM", cty: "JWT" })
  .encrypt(Buffer.from(process.env.JWE_KEY, "base64url"));
console.log(token);
