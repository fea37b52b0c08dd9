import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const { tokenKey } = JSON.parse(readFileSync(".handstamp/secrets.json", "utf8"));
const part = (data) => Buffer.from(JSON.stringify(data)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const claims = { sub: "me", campaignId: "100001", iat: now, exp: now + 300, form: { firstname: "Me" } };
const text = `${part({ alg: "HS256" })}.${part(claims)}`;
const key = Buffer.from(tokenKey, "base64url");
const signature = createHmac("sha256", key).update(text).digest("base64url");
console.log(`http://127.0.0.1:8787/campaign/demo/100001#token=${text}.${signature}`);
