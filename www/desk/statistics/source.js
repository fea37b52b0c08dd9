// Where the statistics are read: as a person with a session, or as a program's client whose access token a page holds.

import { account, call } from "../api.js";
import { say } from "../words/speech.js";
import { element } from "../../shared/element.js";

/**
 * @typedef {object} Source
 * @property {(path: string, query?: Record<string, string>) => Promise<any>} read below the account's statistics
 * @property {(path: string, query: Record<string, string>) => Promise<void>} download
 */

/** @param {string} path @param {Record<string, string>} [query] */
const urlOf = (path, query = {}) => `/v1/statistics/${encodeURIComponent(account)}${path}?${new URLSearchParams(query)}`;

/** Clicks a link that saves a file. @param {string} href @param {string} name */
function save(href, name) {
  element("a", { href, download: name }).click();
}

/** @param {string} path */
const nameOf = (path) => `${account}-${path.slice(1)}.csv`;

/** With the session of the console: a file comes as a stream, straight to the disk. @type {Source} */
export const bySession = {
  read: (path, query) => call("GET", urlOf(path, query)),
  async download(path, query) {
    // A link cannot sign in again.
    await call("GET", urlOf(path, { limit: "1" }));
    save(urlOf(path, query), nameOf(path));
  },
};

/** @param {string} token @param {(why: "client.again" | "client.elsewhere") => void} onOut @returns {Source} with an access token, which a plain link cannot carry */
export function byClient(token, onOut) {
  const ask = async (/** @type {string} */ path, /** @type {Record<string, string> | undefined} */ query) => {
    const answer = await fetch(urlOf(path, query), { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
    if (answer?.status === 401) onOut("client.again");
    if (answer?.status === 403 || answer?.status === 404) onOut("client.elsewhere");
    if (!answer?.ok) throw new Error(say("stats.lost"));
    return answer;
  };
  return {
    read: async (path, query) => (await ask(path, query)).json(),
    async download(path, query) {
      const href = URL.createObjectURL(await (await ask(path, query)).blob());
      save(href, nameOf(path));
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
    },
  };
}
