// What a new campaign begins with: a short form, and the consent to its rules, whose link is still to be given.

/** @type {Record<string, { wording: string, rules: string }>} */
const CONSENT = {
  en: { wording: "I accept the {rules}.", rules: "rules" },
  fr: { wording: "J’accepte le {rules}.", rules: "règlement" },
  nl: { wording: "Ik ga akkoord met de {rules}.", rules: "spelregels" },
  de: { wording: "Ich akzeptiere die {rules}.", rules: "Teilnahmebedingungen" },
};

/** @param {{ title: Record<string, string>, languages: string[], document: Record<string, any> }} begun */
export function template({ title, languages, document }) {
  const said = (/** @type {"wording" | "rules"} */ part) => Object.fromEntries(languages.filter((lang) => lang in CONSENT).map((lang) => [lang, CONSENT[lang][part]]));
  const way = document.secureToken ? "token" : document.oauth ? "oauth" : "anonymous";
  const rules = said("rules");
  const known = Object.keys(rules).length > 0;
  return {
    title,
    languages,
    signIn: [way],
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    fields: [{ name: "email", type: "email", required: true }, { name: "firstname", type: "text" }, { name: "lastname", type: "text" }],
    optins: [{ name: "rules", required: true, wording: known ? said("wording") : {}, links: { rules: { text: known ? rules : {}, url: "" } } }],
  };
}
