// Shared secrets, decryption keys and private keys never reach a visitor's browser: whoever reads the page's
// memory could sign tokens. A diagnosis page that keeps them in the page can say so.

import { HandstampError } from "./refusal.js";

/** A window that a test made up: no visitor has it. */
const isMadeUp = () => /\b(jsdom|HappyDOM)\b/.test(globalThis.navigator?.userAgent ?? "");

/** A browser's window; its workers are as readable, but only a window holds the visitor's page. */
function inWindow() {
  return typeof window === "object" && typeof document === "object" && /** @type {unknown} */ (globalThis) === window && !isMadeUp();
}

/**
 * @param {Record<string, unknown>} settings with `verify` and `decrypt` as in the token settings
 * @param {Record<string, unknown>} options
 */
export function refuseInWindow(settings, options) {
  if (!inWindow() || options.allowSecretsInBrowser === true) return;
  if (settings.decrypt !== undefined) throw new HandstampError("secret_in_browser", { at: "/decrypt" });
  const sources = Array.isArray(settings.verify) ? settings.verify : [settings.verify];
  sources.forEach((source, index) => {
    if (isSecret(source)) throw new HandstampError("secret_in_browser", { at: `/verify/${index}` });
  });
}

/** @param {Record<string, unknown>} options */
export function refusePrivateInWindow(options) {
  if (inWindow() && options.allowSecretsInBrowser !== true) throw new HandstampError("secret_in_browser", { at: "key" });
}

/** @param {any} source */
function isSecret(source) {
  if (source?.method === "symmetricKey") return true;
  const keys = source?.keys?.keys ?? source?.keys;
  return Array.isArray(keys) && keys.some((key) => key?.kty === "oct");
}
