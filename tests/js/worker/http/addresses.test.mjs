// Where the worker may send a request (T74): judged when a document is stored, by the core, and again before each
// request, by the worker. Both refuse everything that is not https on a public name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAccount } from "../../../../pkg/dist/node.js";
import { isAllowedAddress } from "../../../../worker/src/platform/addresses.js";
import "../../support/patience.mjs";

/** @param {string} url @param {boolean} development */
function coreAllows(url, development) {
  const oauth = { issuer: "https://id.example.com", clientId: "c", clientAuth: { method: "none" }, sendsIss: true, endpoints: { token: url } };
  const document = { account: "acme", origins: ["https://www.example.com"], oauth, campaigns: {} };
  const result = parseAccount(document, { development });
  if ("account" in result) return true;
  assert.deepEqual(result.faults.map(({ path }) => path), ["/oauth/endpoints/token"], url);
  return false;
}

const LOOPBACK = ["http://localhost/", "https://localhost:8443/token", "http://127.0.0.1:8789/token", "http://[::1]:8789/"];
const INNER = [
  "https://127.1/",
  "https://127.0.0.2/",
  "https://2130706433/",
  "https://0177.0.0.1/",
  "https://0x7f.0.0.1/",
  "https://0x7f000001/",
  "https://127.0.0.1./",
  "https://0.0.0.0/",
  "https://0/",
  "https://10.0.0.1/",
  "https://10.1/",
  "https://172.16.0.1/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://[::]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[fd00::1]/",
  "https://[fe80::1]/",
  "https://[64:ff9b::a00:1]/",
  "https://8.8.8.8/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://printer.local/",
  "https://router.lan/",
  "https://wiki.corp/",
  "https://router.home/",
  "https://host.localdomain/",
  "https://1.0.0.127.in-addr.arpa/",
  "https://intranet/",
  "https://hidden.onion/",
];
const OTHER = [
  "",
  "https:",
  "https://",
  "//id.example.com/token",
  "/token",
  "http://id.example.com/token",
  "file:///etc/passwd",
  "ftp://id.example.com/",
  "gopher://id.example.com/",
  "data:application/json,{}",
  "javascript:alert(1)",
  "blob:https://id.example.com/1",
  "ws://id.example.com/",
  "https://id.example.com:22/",
  "https://id.example.com:25/",
  "https://id.example.com:80/",
  "https://id.example.com:0/",
  "https://id.example.com:65536/",
  "https://user@id.example.com/",
  "https://user:password@id.example.com/",
  "https://id.example.com@10.0.0.1/",
  "https://id.example.com%40evil.example/",
  "https://id..example.com/",
  "https://.example.com/",
];
const GOOD = [
  "https://id.example.com/token",
  "https://id.example.com:443/token",
  "https://id.example.com:8443/realms/acme/protocol/openid-connect/token",
  "https://acme.eu.auth0.com/oauth/token?tenant=a",
  "https://xn--bcher-kva.example/token",
  "https://10.example.com/token",
];

test("T74: inner addresses, in whatever spelling, are asked by nobody", () => {
  for (const url of [...LOOPBACK, ...INNER])
    assert.deepEqual([coreAllows(url, false), isAllowedAddress(url, false)], [false, false], url);
});

test("T74: in development loopback may be asked, and no other inner address", () => {
  for (const url of LOOPBACK) assert.deepEqual([coreAllows(url, true), isAllowedAddress(url, true)], [true, true], url);
  // What the parser of addresses reads as loopback is loopback to the worker; a document must spell it out.
  for (const url of INNER) {
    const loopback = new URL(url).hostname.startsWith("127.");
    assert.deepEqual([coreAllows(url, true), isAllowedAddress(url, true)], [false, loopback], url);
  }
});

test("T74: other schemes, low ports, user names and what is no address are refused", () => {
  for (const url of OTHER)
    for (const development of [false, true])
      assert.deepEqual([url !== "" && coreAllows(url, development), isAllowedAddress(url, development)], [false, false], `${url} ${development}`);
});

test("T74: https on public names is asked", () => {
  for (const url of GOOD) assert.deepEqual([coreAllows(url, false), isAllowedAddress(url, false)], [true, true], url);
});

test("T74: a number of another script, a line break or a backslash does not make another host", () => {
  for (const url of ["https://１０.0.0.1/", "https://10。0。0。1/", "https://id.example.com\\@10.0.0.1/", "https://10.0.\n0.1/", " https://10.0.0.1/"])
    assert.deepEqual([coreAllows(url, false), isAllowedAddress(url, false)], [false, url.startsWith("https://id.")], url);
});
