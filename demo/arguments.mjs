// The command line of the demo: three ports.

import { parseArgs } from "node:util";

/** @returns {Partial<import("./addresses.mjs").Ports>} */
export function portsFromArguments() {
  const names = /** @type {const} */ (["worker", "site", "provider"]);
  const { values } = parseArgs({
    options: { "port-worker": { type: "string" }, "port-site": { type: "string" }, "port-provider": { type: "string" } },
  });
  /** @type {Partial<import("./addresses.mjs").Ports>} */
  const ports = {};
  for (const name of names) {
    const text = values[`port-${name}`];
    if (text === undefined) continue;
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new Error(`--port-${name} is not a port: ${text}`);
    ports[name] = Number(text);
  }
  return ports;
}
