// Two readings of one token: the same, or a disagreement that has a name, or one that nobody has explained.

import { explain } from "./disagreements.mjs";

/** @typedef {import("./tokens.mjs").Item} Item */
/** @typedef {import("./readers.mjs").Reading} Reading */

/** Counts agreements and disagreements by party. */
export class Comparison {
  /** @type {Map<string, { accepted: number, refused: number }>} */
  #agreed = new Map();
  /** @type {Map<string, { count: number, faults: Set<string> }>} */
  #explained = new Map();
  /** @type {{ who: string, fault: string, alg: string, ours: string, theirs: string, token: string }[]} */
  unexplained = [];

  /** @param {Item} item @param {Reading} ours @param {string} who @param {Reading} theirs */
  add(item, ours, who, theirs) {
    const agreed = this.#agreed.get(who) ?? { accepted: 0, refused: 0 };
    this.#agreed.set(who, agreed);
    if (!ours.accepted && !theirs.accepted) {
      agreed.refused += 1;
    } else if (ours.accepted && theirs.accepted && ours.what === theirs.what) {
      agreed.accepted += 1;
    } else {
      const why = explain(item, ours, theirs, who);
      if (!why) {
        const { fault, alg, token } = item;
        this.unexplained.push({ who, fault, alg, ours: ours.what, theirs: theirs.what, token });
        return;
      }
      const row = `${ours.accepted ? "we accept " : "we refuse"} | ${who.padEnd(8)} | ${why}`;
      const known = this.#explained.get(row) ?? { count: 0, faults: new Set() };
      known.count += 1;
      known.faults.add(item.fault);
      this.#explained.set(row, known);
    }
  }

  /** How many tokens were read the same way by both, accepted and refused. @param {string} who */
  agreed(who) {
    return this.#agreed.get(who) ?? { accepted: 0, refused: 0 };
  }

  /** The names of the disagreements seen. */
  get names() {
    return [...this.#explained.keys()];
  }

  report() {
    const agreed = [...this.#agreed].map(([who, { accepted, refused }]) => `${who}: ${accepted} accepted and ${refused} refused by both`);
    const rows = [...this.#explained].sort(([a], [b]) => (a < b ? -1 : 1));
    const explained = rows.map(([row, { count, faults }]) => `${String(count).padStart(6)} | ${row} (${[...faults].sort().join("; ")})`);
    /** @type {Map<string, { count: number, token: string }>} */
    const open = new Map();
    for (const { who, fault, alg, ours, theirs, token } of this.unexplained) {
      const row = `${who} | ${fault} | ${alg} | ours ${ours.slice(0, 60)} | theirs ${theirs.slice(0, 60)}`;
      open.set(row, { count: (open.get(row)?.count ?? 0) + 1, token });
    }
    const rest = [...open].map(([row, { count, token }]) => `${count} × ${row}\n    ${token.slice(0, 300)}`);
    return [...agreed, "", ...explained, "", `${this.unexplained.length} without an explanation`, ...rest].join("\n");
  }
}
