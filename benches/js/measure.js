// Measuring contenders against each other: short slices in turn, the order reversed in every round, so that whatever
// else the machine does meets all of them alike.

/** How long `count` operations take, in ms. */
async function slice({ sync, run }, count) {
  const start = performance.now();
  if (sync) for (let turn = 0; turn < count; turn++) run();
  else for (let turn = 0; turn < count; turn++) await run();
  return performance.now() - start;
}

/**
 * @param {{ name: string }[]} all
 * @param {{ rounds: number, ms: number, warm: number }} plan
 * @param {(contender: any, count: number) => Promise<number>} [time]
 * @returns {Promise<Record<string, number[]>>} µs for one operation, one number for each round
 */
export async function interleaved(all, { rounds, ms, warm }, time = slice) {
  const counts = new Map();
  for (const contender of all) {
    // Until the compilers have had their say.
    let count = 1, spent = 0;
    for (let left = warm; left > 0 || spent < ms / 4; left -= spent) {
      if (spent > 0 && spent < ms) count *= 2;
      spent = await time(contender, count);
    }
    counts.set(contender, Math.max(1, Math.round((count * ms) / spent)));
  }
  /** @type {Record<string, number[]>} */
  const found = Object.fromEntries(all.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? all : [...all].reverse()) {
      const count = counts.get(contender);
      found[contender.name].push(((await time(contender, count)) * 1000) / count);
    }
  }
  return found;
}

/** @param {number[]} numbers @param {number} part */
export function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Rounds one after the other are a run; so many make a measurement. */
const RUNS = 7;

/** The 10 % quantile of all rounds, their median, and the 10 % quantile of each run. @param {number[]} rounds */
export function measured(rounds) {
  const length = Math.max(1, Math.floor(rounds.length / RUNS));
  const runs = Array.from({ length: Math.min(RUNS, rounds.length) }, (_, run) => quantile(rounds.slice(run * length, (run + 1) * length), 0.1));
  return { q10: quantile(rounds, 0.1), median: quantile(rounds, 0.5), runs };
}
