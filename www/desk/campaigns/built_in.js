// The campaign page's own texts, which stand where an account gives none.

import { en } from "../../campaign/languages/en.js";
import { fr } from "../../campaign/languages/fr.js";
import { nl } from "../../campaign/languages/nl.js";

/** @type {Record<string, Record<string, string>>} */
const TEXTS = { en, fr, nl };

/** @param {string} lang */
export const builtIn = (lang) => TEXTS[lang.split("-")[0]] ?? en;
