// One cold start: the milliseconds to the first verified token, as the only output.

import { readFileSync } from "node:fs";

const [, , way = "", text = ""] = process.argv;
const given = JSON.parse(text);
let took;
if (way === "jose") {
  const { importJWK, jwtVerify } = await import("jose");
  const start = performance.now();
  await jwtVerify(given.token, await importJWK(given.jwk, given.alg), { algorithms: [given.alg] });
  took = performance.now() - start;
} else {
  const { settings } = await import("./settings.js");
  const small = way.startsWith("handstamp/verify");
  const { init, createVerifier } = await import(small ? "../../pkg/dist/verify.js" : "../../pkg/dist/slim.js");
  const file = small ? "handstamp_verify.wasm" : "handstamp_bg.wasm";
  const bytes = readFileSync(new URL(`../../pkg/dist/${file}`, import.meta.url));
  const source = way.endsWith("module") ? new WebAssembly.Module(bytes) : bytes;
  const start = performance.now();
  await init(source);
  (await createVerifier(settings(given))).verifySync(given.token);
  took = performance.now() - start;
}
process.stdout.write(String(took));
