// Judges the rows of the conformance pack, in whatever host this runs.

import { testing } from "../../../../pkg/dist/webcrypto.js";

// The keys are those of the pack: a page may hold them.
const options = { allowSecretsInBrowser: true };

/**
 * @param {Pick<typeof import("../../../../pkg/dist/index.js"), "createVerifier">} entry
 * @param {"table" | "module" | "host"} way
 * @param {any} pack
 * @returns {Promise<{ verdict: string, code: string | null, found: string[] }[]>}
 */
export async function judge(entry, way, pack) {
  testing.way = way;
  const judged = [];
  for (const { settings, token } of pack.rows) {
    try {
      const verifier = await entry.createVerifier(pack.settings[settings], options);
      const report = await verifier.explain(token ?? "", { campaignId: pack.campaignId, now: pack.now });
      // A clue explains; it never lets anybody in.
      const accepted = await verifier.admit(token ?? "", { campaignId: pack.campaignId, now: pack.now }).then(() => true, () => false);
      if (accepted !== (report.verdict === "accepted")) throw new Error("the report and the admission differ");
      const found = report.checks.filter(({ status }) => status === "fail" || status === "warn").map(({ code }) => code);
      judged.push({ verdict: report.verdict, code: report.code ?? null, found });
      verifier.close();
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      judged.push({ verdict: "settings", code: code ?? message, found: [code] });
    }
  }
  testing.way = "table";
  return judged;
}
