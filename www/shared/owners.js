// Those who can put a token or a sign-in right, by the word that the catalogue has for them.

/** @type {Record<string, string>} */
export const FIXES = {
  issuer: "The team that creates the token, or the identity provider",
  settings: "The team that maintains the settings",
  service: "The team that runs this service",
  participant: "The participant",
};
