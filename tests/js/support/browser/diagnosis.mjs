// The diagnosis page for its tests: from the disk, and where it is asked for, from the real worker.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Deployment, root } from "../worker/deployment.mjs";
import { empty, open } from "./chromium.mjs";

/** @param {{ worker?: boolean }} [options] */
export async function openDiagnosis({ worker = false } = {}) {
  const [browser, deployment] = await Promise.all([open(), worker ? Deployment.start({}, { migrate: false }) : undefined]);
  return {
    browser,
    worker: deployment?.url ?? "",
    file: pathToFileURL(join(root, "pkg/public/diagnosis/index.html")).href,
    async close() {
      await Promise.all([empty(), deployment?.stop()]);
    },
  };
}
