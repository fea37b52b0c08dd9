// `cargo xtask dev --check`: both techniques once, without a person, through the real worker and the real provider.
// Starts its own demo on free ports with a fresh state, prints what each step proved, and exits 0 or 1.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portsFromArguments } from "./arguments.mjs";
import { byLogin, cancelledLogin } from "./check/by_login.mjs";
import { byEncryptedToken, byToken } from "./check/by_token.mjs";
import { Transcript } from "./check/transcript.mjs";
import { startDemo } from "./start.mjs";

// A demo that hangs is a failure too.
setTimeout(() => process.exit(1), 300_000).unref();
const stateDir = await mkdtemp(join(tmpdir(), "handstamp-check-"));
let good = false;
try {
  const demo = await startDemo({ ports: { worker: 0, site: 0, provider: 0, ...portsFromArguments() }, stateDir, quiet: true });
  try {
    const transcript = new Transcript(console.log);
    for (const walk of [byToken, byEncryptedToken, byLogin, cancelledLogin]) await walk(demo, transcript);
    good = transcript.end();
  } finally {
    await demo.stop();
  }
} catch (error) {
  console.error(error);
}
await rm(stateDir, { recursive: true, force: true });
process.exit(good ? 0 : 1);
