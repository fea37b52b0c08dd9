#!/usr/bin/env node
// npm create handstamp@latest. Says on an older Node that it is too old; so nothing newer may stand in this file.

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 12)) {
  import("./create.js").then(({ create }) => create(process.argv.slice(2))).then((code) => { process.exitCode = code; });
} else {
  console.error("create-handstamp: Node " + process.versions.node + " is too old; version 20.12 or newer is needed (node_too_old)");
  process.exitCode = 3;
}
