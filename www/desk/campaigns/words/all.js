// The words of the campaigns' views in every language.

export { en } from "./en.js";
export { fr } from "./fr.js";
export { nl } from "./nl.js";
