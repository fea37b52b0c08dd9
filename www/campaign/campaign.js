// The campaign as the page carries it: data in <script type="application/json" id="campaign">.

/** @typedef {import("./texts.js").Wording} Wording */
/** @typedef {"intro" | "questions" | "identityset" | "exit" | "sorry"} Step the published names; identityset is shown as "form" */
/** @typedef {{ id: string, text: Wording }} Choice */
/** @typedef {{ id: string, text: Wording, choices: Choice[] }} Question */
/** @typedef {{ name: string, type: string, required?: boolean, label?: Wording, choices?: Choice[], min?: number, max?: number }} Field */
/** @typedef {{ name: string, required?: boolean, wording: Wording, parts?: (string | { text: string, url: string })[] }} OptIn parts: words, and links among them */
/** @typedef {{ color?: string, darkColor?: string, name?: string, logo?: string }} Brand */
/** @typedef {{ path: string, fragment: string, scroll: number }} Place where a visitor is on the host page */
/**
 * What the service keeps.
 * @typedef {{ step: Step, answers: Record<string, string>, host?: Place, pass?: string, admission?: any, session?: any }} Draft
 */

/**
 * @typedef {object} Campaign
 * @property {string} account
 * @property {string} campaignId
 * @property {Wording} title
 * @property {string} lang
 * @property {string} words the file of languages/ with our own words
 * @property {string[]} languages that the campaign has, this one among them
 * @property {Question[]} questions
 * @property {Field[]} fields
 * @property {import("./steps/field_rules.js").FieldRules} fieldRules
 * @property {OptIn[]} optins
 * @property {Record<string, any>} texts
 * @property {("token" | "oauth" | "anonymous")[]} signIn
 * @property {"button" | "redirect" | "popup"} login
 * @property {boolean} registers whether a new account can be made beside the sign-in
 * @property {Brand} brand
 * @property {{ url?: string, share?: string }} exit where the thanks lead on
 * @property {"show" | "submit"} form
 * @property {string[]} record what the page is asked to say of the participation: source, duration, step
 * @property {string[]} origins
 * @property {string[]} testOrigins of pages on which the campaign is only tried out
 * @property {boolean} draft its content is a draft, which is fetched with the pass of a preview
 * @property {boolean} preview it stands on such a page, as the browser told the service
 * @property {{ phase: "not_yet" | "open" | "closing" | "over", starts?: number, ends?: number, timeZone: string } | null} period
 * @property {boolean} full every place of the campaign is taken
 * @property {import("./first_look.js").Rules | null} look what a first look at a token goes by
 * @property {{ siteKey: string, url: string } | null} challenge check that a visitor without a name is a person
 */

/** The data of the page. */
export const pageData = () => JSON.parse(document.getElementById("campaign")?.textContent ?? "{}");

/**
 * Reads the campaign, with every part present.
 * @param {any} data
 * @returns {Campaign}
 */
export function readCampaign(data) {
  return {
    account: data.account,
    campaignId: String(data.campaignId),
    title: data.title ?? "",
    lang: data.lang || document.documentElement.lang || "en",
    words: data.words,
    languages: data.languages ?? [],
    questions: data.questions ?? [],
    fields: data.fields ?? [],
    fieldRules: data.fieldRules,
    optins: data.optins ?? [],
    texts: data.texts ?? {},
    signIn: data.signIn ?? ["token"],
    login: data.login ?? "button",
    registers: data.registers === true,
    brand: data.brand ?? {},
    exit: data.exit ?? {},
    form: data.form ?? "show",
    record: data.record ?? [],
    origins: data.origins ?? [],
    testOrigins: data.testOrigins ?? [],
    preview: data.preview === true,
    draft: data.draft === true,
    period: data.period ?? null,
    full: data.full === true,
    look: data.look ?? null,
    challenge: data.challenge ?? null,
  };
}
