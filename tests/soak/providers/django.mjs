// django-oauth-toolkit from PyPI, in a Django of 60 lines: its own consent page, Django's own sign-in page.

import { generateKeyPairSync } from "node:crypto";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install, serve } from "./programs.mjs";

const PACKAGES = ["django==5.2.*", "django-oauth-toolkit==3.4.1"];

/** @type {import("./programs.mjs").Product} */
export const django = {
  name: "django-oauth-toolkit 3.4.1 (PyPI)",
  account: "django",
  async install(folder) {
    await install("python3", ["-m", "venv", "python"], folder);
    await install(join(folder, "python/bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...PACKAGES], folder);
    await copyFile(fileURLToPath(new URL("django_site.py", import.meta.url)), join(folder, "site_of_the_soak.py"));
  },
  async start(folder, port, client) {
    const url = `http://127.0.0.1:${port}`;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
    await writeFile(join(folder, "key.pem"), privateKey);
    await writeFile(join(folder, "client.json"), JSON.stringify(client));
    const stop = await serve(join(folder, "python/bin/python"), ["site_of_the_soak.py", String(port)], { cwd: folder }, `${url}/o/.well-known/openid-configuration`);
    return {
      issuer: `${url}/o`,
      email: "ada@example.org",
      stop,
      async signIn(page) {
        await page.locator("input[name=username]").fill("ada");
        await page.locator("input[name=password]").fill("correct horse battery");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("button", { name: "Authorize" }).click();
      },
      // It asks for consent each time, unless REQUEST_APPROVAL_PROMPT is "auto".
      signInAgain: (page) => page.getByRole("button", { name: "Authorize" }).click(),
    };
  },
};
