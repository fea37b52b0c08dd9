// better-auth with its OpenID provider, from npm: a server with two pages of our own, as its users write them.

import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install, serve } from "./programs.mjs";

/** Its packages name each other's versions only in part. */
const VERSION = "1.7.5";
const PACKAGES = [`better-auth@${VERSION}`, `@better-auth/core@${VERSION}`, `@better-auth/oauth-provider@${VERSION}`, "@better-auth/utils@0.4.2"];

/** @type {import("./programs.mjs").Product} */
export const betterAuth = {
  name: `better-auth ${VERSION} (npm)`,
  account: "better-auth",
  async install(folder) {
    await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
    await install("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...PACKAGES], folder);
    await copyFile(fileURLToPath(new URL("better_auth_server.mjs", import.meta.url)), join(folder, "server.mjs"));
  },
  async start(folder, port, { redirectUri }) {
    const url = `http://127.0.0.1:${port}`;
    const stop = await serve("node", ["server.mjs", url, redirectUri], { cwd: folder, env: { BETTER_AUTH_TELEMETRY: "0" } }, `${url}/ready`);
    // The product chooses the client's name and secret.
    const client = JSON.parse(await readFile(join(folder, "client.json"), "utf8"));
    return {
      issuer: `${url}/api/auth`,
      email: "ada@example.org",
      id: client.client_id,
      secret: client.client_secret,
      stop,
      async signIn(page) {
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("button", { name: "Allow" }).click();
      },
    };
  },
};
