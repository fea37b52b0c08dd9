// The texts of the page of a refused navigation, by language: for visitors without a campaign to return to. Another
// language is another table here.

import { accepted, base } from "./languages.js";

/** @typedef {{ title: string, help: string, busy: string, again: string, campaign: string, site: string, home: string, nothing: string, reasons: Record<string, string> }} Words busy and again: after too many requests; campaign, site and home: the way on; nothing: where there is no page */

/** English has no reasons of its own: those of the catalogue are English. @type {Record<string, Words>} */
const WORDS = {
  en: {
    title: "This did not work",
    help: "If you ask for help, please give this reference:",
    busy: "There is too much going on right now. Nothing is lost. Wait a minute, then try again.",
    again: "Try again",
    campaign: "Back to the campaign",
    site: "To {site}",
    home: "Where to find the campaign",
    nothing: "There is no page at {path}.",
    reasons: {},
  },
  fr: {
    title: "Cela n’a pas marché",
    help: "Si vous demandez de l’aide, donnez ce numéro :",
    busy: "Il y a trop de demandes en ce moment. Rien n’est perdu. Patientez une minute, puis réessayez.",
    again: "Réessayer",
    campaign: "Retour au jeu",
    site: "Vers {site}",
    home: "Où trouver le jeu",
    nothing: "Il n’y a pas de page à l’adresse {path}.",
    reasons: {
      campaign_unknown: "Ce jeu n’existe pas ou est terminé.",
      login_failed: "La connexion n’a pas abouti cette fois. Retournez au jeu et réessayez.",
      try_again: "Un problème est survenu de notre côté. Rien n’est perdu ; réessayez.",
      wrong_browser: "Cette connexion a commencé dans un autre navigateur ou une autre fenêtre. Reconnectez-vous ici.",
    },
  },
  nl: {
    title: "Dat lukte niet",
    help: "Vraag je hulp? Geef dan dit nummer:",
    busy: "Het is nu te druk. Er is niets verloren. Wacht een minuut en probeer opnieuw.",
    again: "Opnieuw proberen",
    campaign: "Terug naar de actie",
    site: "Naar {site}",
    home: "Waar je de actie vindt",
    nothing: "Er is geen pagina op {path}.",
    reasons: {
      campaign_unknown: "Deze actie bestaat niet of is afgelopen.",
      login_failed: "Aanmelden is deze keer niet gelukt. Ga terug naar de actie en probeer opnieuw.",
      try_again: "Er ging iets mis aan onze kant. Er is niets verloren; probeer opnieuw.",
      wrong_browser: "Deze aanmelding begon in een andere browser of een ander venster. Meld je hier opnieuw aan.",
    },
  },
};

/** The languages that our pages speak; a campaign's has a file for each. */
export const SPOKEN = Object.keys(WORDS);

/** Finds the language of our own words beside texts in a language: English where we do not speak that. @param {string} lang */
export const spokenFor = (lang) => SPOKEN.find((name) => name === base(lang)) ?? "en";

/**
 * The first language of the visitor's that we speak, else English.
 * @param {string | null} header Accept-Language
 * @returns {{ lang: string, words: Words }}
 */
export function wordsFor(header) {
  const lang = accepted(header).map(base).find((name) => SPOKEN.includes(name)) ?? "en";
  return { lang, words: WORDS[lang] };
}
