// Which buttons a role is shown. The rule is the worker's, `worker/src/accounts/roles.js`, and its answer decides.

const SETTING_UP = ["owner", "setup"];

/** Tells whether a person's role may change where participants come from: origins, sign-in, and what fills a field. @param {import("./api.js").Session} me */
export const setsUp = ({ person: { role } }) => SETTING_UP.includes(role);
