// The vectors of project Wycheproof for RSA-OAEP, through the operation that decryption hands over: what is valid
// comes out as it went in, and everything else is the one plain failure.

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { WebCrypto } from "../../../pkg/dist/webcrypto.js";
import "../support/patience.mjs";

/** @type {{ file: string, hash: string, groups: { pkcs8: string, tests: Vector[] }[] }[]} */
const sets = JSON.parse(readFileSync(new URL("../../vectors/wycheproof/rsa_oaep.json", import.meta.url), "utf8"));
/** @typedef {{ id: number, valid: boolean, message: string, ciphertext: string, label: boolean }} Vector */

test("RSA-OAEP by the host's WebCrypto", async () => {
  const table = [["file".padEnd(34), "accepted", "refused", "false accepts", "false rejects", " outside our policy"]];
  const host = new WebCrypto();
  for (const { file, hash, groups } of sets) {
    const counts = { accepted: 0, refused: 0, falseAccepts: 0, falseRejects: 0, labels: 0 };
    for (const { pkcs8, tests } of groups) {
      const key = createPrivateKey({ key: Buffer.from(pkcs8, "base64url"), format: "der", type: "pkcs8" }).export({ format: "jwk" });
      for (const { id, valid, message, ciphertext, label } of tests) {
        const operation = { kind: /** @type {const} */ ("decrypt"), name: "RSA-OAEP", id: `${id}`, algorithm: { name: "RSA-OAEP", hash }, key, data: ciphertext };
        const { value } = await host.answer(operation);
        if (label && valid) {
          // JOSE has no labels (RFC 7518 section 4.3), so such a message is no message for us.
          assert.ok(value === false || value === undefined, `${file} ${id}`);
          counts.labels += 1;
        } else if (valid) counts[value === message ? "accepted" : "falseRejects"] += 1;
        else counts[typeof value === "string" ? "falseAccepts" : "refused"] += 1;
      }
    }
    const { accepted, refused, falseAccepts, falseRejects, labels } = counts;
    table.push([file.padEnd(34), `${accepted}`, `${refused}`, `${falseAccepts}`, `${falseRejects}`, ` ${labels} with a label, refused`]);
    assert.deepEqual([falseAccepts, falseRejects], [0, 0], file);
    assert.ok(accepted > 5 && refused > 5, file);
  }
  const widths = [34, 8, 8, 13, 13, 0];
  console.log(`\nWycheproof, RSA-OAEP by the host\n${table.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(" ")).join("\n")}`);
});
