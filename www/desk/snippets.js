// Programs that make a token, filled with the account's own names: without a library, under 25 lines, and with the key from the
// environment. The tests run those for which the machine has the tool.

/** @typedef {{ campaignId: string, alg: string, kid: string, issuer: string, audience: string }} Wanted kid, issuer and audience may be empty */

const BITS = (/** @type {string} */ alg) => alg.slice(2);

/** @param {Wanted} wanted @returns {[name: string, value: string][]} header members beside alg */
const header = ({ kid }) => (kid ? [["kid", kid]] : []);
/** @param {Wanted} wanted @returns {[name: string, value: string][]} */
const claims = ({ campaignId, issuer, audience }) => [["sub", "1234"], ["campaignId", campaignId], ...(issuer ? [/** @type {[string, string]} */ (["iss", issuer])] : []), ...(audience ? [/** @type {[string, string]} */ (["aud", audience])] : [])];

/** @param {[string, string][]} members @param {string} between */
const members = (members, between, key = (/** @type {string} */ name) => name) => members.map(([name, value]) => `${key(name)}${between}${JSON.stringify(value)}`).join(", ");
const quoted = (/** @type {string} */ name) => JSON.stringify(name);

/** @param {Wanted} wanted */
function node(wanted) {
  const { alg } = wanted;
  const isShared = alg.startsWith("HS");
  const sign = isShared
    ? `createHmac("sha${BITS(alg)}", Buffer.from(process.env.TOKEN_KEY, "base64url")).update(text).digest("base64url")`
    : alg === "EdDSA"
      ? `sign(null, Buffer.from(text), process.env.TOKEN_KEY).toString("base64url")`
      : `sign("sha${BITS(alg)}", Buffer.from(text), { key: process.env.TOKEN_KEY${alg.startsWith("ES") ? ', dsaEncoding: "ieee-p1363"' : alg.startsWith("PS") ? ", padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST" : ""} }).toString("base64url")`;
  return `import { ${isShared ? "createHmac" : alg.startsWith("PS") ? "constants, sign" : "sign"} } from "node:crypto";

const part = (data) => Buffer.from(JSON.stringify(data)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const header = { ${members([["alg", alg], ...header(wanted)], ": ")} };
const claims = { ${members(claims(wanted), ": ")}, iat: now, exp: now + 300,
  form: { firstname: "Zoë", email: "zoe@example.com" } };
const text = \`\${part(header)}.\${part(claims)}\`;
const signature = ${sign};
console.log(\`\${text}.\${signature}\`);
`;
}

/** As PHP writes it, where a dollar sign within double quotes begins a variable. @param {[string, string][]} all */
const phpMembers = (all) => members(all, " => ", quoted).replaceAll("$", "\\$");

/** @param {Wanted} wanted */
function php(wanted) {
  const { alg } = wanted;
  const sign = alg.startsWith("HS")
    ? `$signature = hash_hmac('sha${BITS(alg)}', $text, base64_decode(strtr(getenv('TOKEN_KEY'), '-_', '+/')), true);`
    : `openssl_sign($text, $signature, getenv('TOKEN_KEY'), 'sha${BITS(alg)}');`;
  return `<?php
$part = fn($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
$now = time();
$header = [${phpMembers([["alg", alg], ...header(wanted)])}];
$claims = [${phpMembers(claims(wanted))}, "iat" => $now, "exp" => $now + 300,
  "form" => ["firstname" => "Zoë", "email" => "zoe@example.com"]];
$text = $part(json_encode($header)) . '.' . $part(json_encode($claims));
${sign}
echo $text . '.' . $part($signature), "\\n";
`;
}

/** @param {Wanted} wanted */
function python(wanted) {
  return `import base64, hashlib, hmac, json, os, time

def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

now = int(time.time())
header = {${members([["alg", wanted.alg], ...header(wanted)], ": ", quoted)}}
claims = {${members(claims(wanted), ": ", quoted)}, "iat": now, "exp": now + 300,
          "form": {"firstname": "Zoë", "email": "zoe@example.com"}}
text = part(json.dumps(header).encode()) + "." + part(json.dumps(claims).encode())
key = base64.urlsafe_b64decode(os.environ["TOKEN_KEY"] + "==")
print(text + "." + part(hmac.new(key, text.encode(), hashlib.sha${BITS(wanted.alg)}).digest()))
`;
}

const JAVA_STRING = (/** @type {[string, string][]} */ all) => JSON.stringify(`{${members(all, ":", quoted)}`);

/** @param {Wanted} wanted */
function java(wanted) {
  return `import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Token {
  static String part(byte[] data) { return Base64.getUrlEncoder().withoutPadding().encodeToString(data); }

  public static void main(String[] none) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String header = ${JAVA_STRING([["alg", wanted.alg], ...header(wanted)])} + "}";
    String claims = ${JAVA_STRING(claims(wanted))} + ",\\"iat\\":" + now + ",\\"exp\\":" + (now + 300) + "}";
    String text = part(header.getBytes("UTF-8")) + "." + part(claims.getBytes("UTF-8"));
    Mac mac = Mac.getInstance("HmacSHA${BITS(wanted.alg)}");
    mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(System.getenv("TOKEN_KEY")), "RAW"));
    System.out.println(text + "." + part(mac.doFinal(text.getBytes("UTF-8"))));
  }
}
`;
}

/** @param {Wanted} wanted */
function csharp(wanted) {
  return `using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

string Part(byte[] data) => Base64Url.EncodeToString(data);
var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
var header = ${JAVA_STRING([["alg", wanted.alg], ...header(wanted)])} + "}";
var claims = ${JAVA_STRING(claims(wanted))} + ",\\"iat\\":" + now + ",\\"exp\\":" + (now + 300) + "}";
var text = Part(Encoding.UTF8.GetBytes(header)) + "." + Part(Encoding.UTF8.GetBytes(claims));
var key = Base64Url.DecodeFromChars(Environment.GetEnvironmentVariable("TOKEN_KEY"));
Console.WriteLine(text + "." + Part(HMACSHA${BITS(wanted.alg)}.HashData(key, Encoding.UTF8.GetBytes(text))));
`;
}

/** Each language, the kinds of algorithms that it is shown for, and whether the tests run it. @type {{ name: string, algs: RegExp, isRun: boolean, make: (wanted: Wanted) => string }[]} */
export const LANGUAGES = [
  { name: "Node", algs: /./, isRun: true, make: node },
  { name: "PHP", algs: /^(HS|RS)/, isRun: true, make: php },
  { name: "Python", algs: /^HS/, isRun: true, make: python },
  { name: "Java", algs: /^HS/, isRun: false, make: java },
  { name: "C#", algs: /^HS/, isRun: false, make: csharp },
];
