// What a process has computed, which says more than a clock where others compute beside it.

import { existsSync, readFileSync, readdirSync } from "node:fs";

const here = existsSync("/proc/self/task");

/** The workerd processes that this one has started. @returns {number[]} */
export function workerds() {
  if (!here) return [];
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return all.filter((pid) => {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
    return name === "workerd" && Number(parent) === process.pid;
  });
}

/**
 * The ms that all threads of a process have computed; where no system tells, those that have gone by.
 * @param {number | undefined} pid
 */
export function computed(pid) {
  if (pid === undefined) return performance.now();
  const folder = `/proc/${pid}/task`;
  const spent = readdirSync(folder).map((thread) => Number(read(`${folder}/${thread}/schedstat`).split(" ")[0]));
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e6;
}

/** Threads and processes end at any time. @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
