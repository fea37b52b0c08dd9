// node demo/serve.mjs [--port-worker N] [--port-site N] [--port-provider N]: the demo until it is stopped.

import { portsFromArguments } from "./arguments.mjs";
import { startDemo } from "./start.mjs";

try {
  const { addresses, stop } = await startDemo({ ports: portsFromArguments(), watch: true });
  console.log(`worker    ${addresses.worker}   (log: .handstamp/worker.log)`);
  console.log(`provider  ${addresses.provider}`);
  console.log(`demo      ${addresses.site}   <- open this one`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, () => stop().then(() => process.exit(0)));
  }
} catch (error) {
  const { code, message, stack } = /** @type {NodeJS.ErrnoException} */ (error);
  console.error(code === "EADDRINUSE" ? `${message}\nChoose another with --port-worker, --port-site or --port-provider (0 takes a free one).` : stack);
  process.exit(1);
}
