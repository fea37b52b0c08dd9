// Programs that make a token, filled with the account's own names: without a library, under 25 lines, and with the key from the
// environment. The tests run those for which the machine has the tool.

/** @typedef {{ campaignId: string, alg: string, kid: string, issuer: string, audience: string }} Wanted kid, issuer and audience may be empty */

const BITS = (/** @type {string} */ alg) => alg.slice(2);
/** Ed25519 is another name of EdDSA (RFC 9864). @param {string} alg */
const isEdwards = (alg) => alg.startsWith("Ed");

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
    : isEdwards(alg)
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

/** Bytes of each of the two numbers of a signature with ECDSA (RFC 7518 section 3.4). @param {string} alg */
const halfOf = (alg) => ({ ES256: 32, ES384: 48, ES512: 66 })[alg];

/** @param {string} alg */
function phpSigning(alg) {
  if (alg.startsWith("HS")) return `$signature = hash_hmac('sha${BITS(alg)}', $text, base64_decode(strtr(getenv('TOKEN_KEY'), '-_', '+/')), true);`;
  if (alg.startsWith("RS")) return `openssl_sign($text, $signature, getenv('TOKEN_KEY'), 'sha${BITS(alg)}');`;
  return `openssl_sign($text, $der, getenv('TOKEN_KEY'), 'sha${BITS(alg)}');
// OpenSSL writes DER; a token has the two numbers one after the other.
$numbers = [substr($der, 4, ord($der[3])), substr($der, 6 + ord($der[3]))];
$signature = implode(array_map(fn($n) => str_pad(ltrim($n, "\\0"), ${halfOf(alg)}, "\\0", STR_PAD_LEFT), $numbers));`;
}

/** @param {Wanted} wanted */
function php(wanted) {
  return `<?php
$part = fn($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
$now = time();
$header = [${phpMembers([["alg", wanted.alg], ...header(wanted)])}];
$claims = [${phpMembers(claims(wanted))}, "iat" => $now, "exp" => $now + 300,
  "form" => ["firstname" => "Zoë", "email" => "zoe@example.com"]];
$text = $part(json_encode($header)) . '.' . $part(json_encode($claims));
${phpSigning(wanted.alg)}
echo $text . '.' . $part($signature), "\\n";
`;
}

/** What a Python program imports beside the rest, and how it signs. @param {string} alg @returns {[imports: string, signing: string]} */
function pythonSigning(alg) {
  const hash = `hashes.SHA${BITS(alg)}()`;
  const asymmetric = (/** @type {string} */ names) => `# pip install cryptography
${isEdwards(alg) ? "" : "from cryptography.hazmat.primitives import hashes\n"}${names && `from cryptography.hazmat.primitives.asymmetric import ${names}\n`}from cryptography.hazmat.primitives.serialization import load_pem_private_key
`;
  const key = 'key = load_pem_private_key(os.environ["TOKEN_KEY"].encode(), None)';
  if (alg.startsWith("HS")) return ["", `key = base64.urlsafe_b64decode(os.environ["TOKEN_KEY"] + "==")
signature = hmac.new(key, text.encode(), hashlib.sha${BITS(alg)}).digest()`];
  if (isEdwards(alg)) return [asymmetric(""), `${key}
signature = key.sign(text.encode())`];
  if (alg.startsWith("ES")) return [asymmetric("ec, utils"), `${key}
der = key.sign(text.encode(), ec.ECDSA(${hash}))
signature = b"".join(n.to_bytes(${halfOf(alg)}, "big") for n in utils.decode_dss_signature(der))`];
  const padding = alg.startsWith("RS") ? "padding.PKCS1v15()" : `padding.PSS(padding.MGF1(${hash}), padding.PSS.DIGEST_LENGTH)`;
  return [asymmetric("padding"), `${key}
signature = key.sign(text.encode(), ${padding}, ${hash})`];
}

/** @param {Wanted} wanted */
function python(wanted) {
  const [imports, signing] = pythonSigning(wanted.alg);
  return `import base64, ${imports === "" ? "hashlib, hmac, " : ""}json, os, time
${imports}
def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

now = int(time.time())
header = {${members([["alg", wanted.alg], ...header(wanted)], ": ", quoted)}}
claims = {${members(claims(wanted), ": ", quoted)}, "iat": now, "exp": now + 300,
          "form": {"firstname": "Zoë", "email": "zoe@example.com"}}
text = part(json.dumps(header).encode()) + "." + part(json.dumps(claims).encode())
${signing}
print(text + "." + part(signature))
`;
}

/** JSON as a string of the program. @param {[string, string][]} all @param {string} [end] */
const inString = (all, end = "}") => JSON.stringify(`{${members(all, ":", quoted)}${end}`);

/** What a Java program imports, how it signs, and with what it writes the signature. @param {string} alg @returns {[imports: string, signing: string, signature: string]} */
function javaSigning(alg) {
  if (alg.startsWith("HS")) return ["import javax.crypto.Mac;\nimport javax.crypto.spec.SecretKeySpec;", `Mac mac = Mac.getInstance("HmacSHA${BITS(alg)}");
    mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(System.getenv("TOKEN_KEY")), "RAW"));`, 'mac.doFinal(text.getBytes("UTF-8"))'];
  const [kind, name] = isEdwards(alg) ? ["Ed25519", "Ed25519"] : alg.startsWith("ES") ? ["EC", `SHA${BITS(alg)}withECDSAinP1363Format`] : ["RSA", `SHA${BITS(alg)}withRSA`];
  return ["import java.security.*;\nimport java.security.spec.PKCS8EncodedKeySpec;", `String pem = System.getenv("TOKEN_KEY").replaceAll("-----[^-]+-----|\\\\s", "");
    PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    Signature signature = Signature.getInstance("${name}");
    signature.initSign(KeyFactory.getInstance("${kind}").generatePrivate(key));
    signature.update(text.getBytes("UTF-8"));`, "signature.sign()"];
}

/** @param {Wanted} wanted */
function java(wanted) {
  const [imports, signing, signature] = javaSigning(wanted.alg);
  return `import java.util.Base64;
${imports}

class Token {
  static String part(byte[] data) { return Base64.getUrlEncoder().withoutPadding().encodeToString(data); }

  public static void main(String[] none) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String header = ${inString([["alg", wanted.alg], ...header(wanted)])};
    String claims = ${inString(claims(wanted), "")} + ",\\"iat\\":" + now + ",\\"exp\\":" + (now + 300) + "}";
    String text = part(header.getBytes("UTF-8")) + "." + part(claims.getBytes("UTF-8"));
    ${signing}
    System.out.println(text + "." + part(${signature}));
  }
}
`;
}

/** How a C# program signs. @param {string} alg @returns {[key: string, signature: string]} */
function csharpSigning(alg) {
  const [bytes, hash] = ["Encoding.UTF8.GetBytes(text)", `HashAlgorithmName.SHA${BITS(alg)}`];
  if (alg.startsWith("HS")) return ['var key = Base64Url.DecodeFromChars(Environment.GetEnvironmentVariable("TOKEN_KEY"));', `HMACSHA${BITS(alg)}.HashData(key, ${bytes})`];
  const [kind, padding] = alg.startsWith("ES") ? ["ECDsa", ""] : ["RSA", `, RSASignaturePadding.${alg.startsWith("PS") ? "Pss" : "Pkcs1"}`];
  return [`using var key = ${kind}.Create();
key.ImportFromPem(Environment.GetEnvironmentVariable("TOKEN_KEY"));`, `key.SignData(${bytes}, ${hash}${padding})`];
}

/** @param {Wanted} wanted */
function csharp(wanted) {
  const [key, signature] = csharpSigning(wanted.alg);
  return `using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

string Part(byte[] data) => Base64Url.EncodeToString(data);
var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
var header = ${inString([["alg", wanted.alg], ...header(wanted)])};
var claims = ${inString(claims(wanted), "")} + ",\\"iat\\":" + now + ",\\"exp\\":" + (now + 300) + "}";
var text = Part(Encoding.UTF8.GetBytes(header)) + "." + Part(Encoding.UTF8.GetBytes(claims));
${key}
Console.WriteLine(text + "." + Part(${signature}));
`;
}

/** Each language, the kinds of algorithms that it is shown for, and whether the tests run it. @type {{ name: string, algs: RegExp, isRun: boolean, make: (wanted: Wanted) => string }[]} */
export const LANGUAGES = [
  { name: "Node", algs: /./, isRun: true, make: node },
  // Its extension has neither PSS nor Ed25519, and a signature with P-521 is longer than the program reads.
  { name: "PHP", algs: /^(HS|RS|ES256|ES384)/, isRun: true, make: php },
  { name: "Python", algs: /./, isRun: true, make: python },
  { name: "Java", algs: /^(HS|RS|E)/, isRun: true, make: java },
  { name: "C#", algs: /^(HS|RS|PS|ES)/, isRun: false, make: csharp },
];
