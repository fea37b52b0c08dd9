// The only door to the package: the entry whose module is inlined, as the page may load nothing.

export * from "../../pkg/dist/inline.js";
export { fromBase64, fromBase64url, toBase64url } from "../../pkg/dist/base64.js";

/** What the page may do and pages of campaigns may not: hold secrets. They stay in its memory. */
export const HERE = { allowSecretsInBrowser: true };
