// Where a test's worker keeps its state: in memory where that is plenty, as an object that writes waits for the disk. A worker
// that is killed loses as little there.

import { statfsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** Free bytes that are plenty for all tests at a time. */
const PLENTY = 2 ** 30;

function place() {
  if (process.env.TMPDIR) return tmpdir();
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize < PLENTY ? tmpdir() : MEMORY;
  } catch {
    return tmpdir(); // on a system without it
  }
}

/** Makes a folder for the state of one worker. */
export const newStateFolder = () => mkdtemp(join(place(), "handstamp-test-"));
