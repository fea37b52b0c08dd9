// The four answers that a project is made from, out of flags or by questions. The worker's own rules judge them.

import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { parseAccount } from "handstamp/account";
import { installed } from "./installed.js";
import { documentOf } from "./project.js";
import { Refusal } from "./refusal.js";

/**
 * @typedef {object} Answers
 * @property {string} folder where the project is made
 * @property {string} account name of the first account
 * @property {string} site origin of the account's website
 * @property {string} url origin of the worker
 * @property {number} port of the worker on this machine; the next one is a page of the site
 */

export const USAGE = `npm create handstamp@latest [FOLDER] -- [--account NAME] [--site URL] [--url URL] [--port NUMBER]

  FOLDER          the new folder, such as campaigns
  --account NAME  the first account, such as acme: small letters, digits, - and _
  --site URL      the website whose pages show its campaigns, such as https://www.acme.com
  --url URL       where people will play, a host of your own, such as https://play.acme.com
  --port NUMBER   the port of \`npm run dev\`, default 8787

Without a flag, you are asked.`;

/** @type {["folder" | "account" | "site" | "url", string][]} */
const QUESTIONS = [
  ["folder", "Folder of the project, such as campaigns"],
  ["account", "Name of the first account, such as acme"],
  ["site", "Website whose pages show its campaigns, such as https://www.acme.com"],
  ["url", "URL where people will play, a host of your own, such as https://play.acme.com"],
];

const { configuration } = await import(new URL("worker/src/platform/configuration.js", installed.folder).href);

/** Refuses an account name or a site that the core refuses. @param {string} flag @param {string} place @param {string} given @param {{ account?: string, site?: string }} answers */
function judge(flag, place, given, answers) {
  const { faults = [] } = parseAccount(documentOf({ account: "acme", site: "https://www.acme.com", port: 8787, ...answers }, undefined));
  const fault = faults.find(({ path }) => path === place || path.startsWith(`${place}/`));
  if (!fault) return given;
  throw new Refusal(fault.code, `${flag} ${JSON.stringify(given)} is not valid: ${fault.message}`);
}

/** @type {Record<"folder" | "account" | "site" | "url", (given: string) => string>} */
const PARSE = {
  folder: (given) => {
    if (given === "" || given.startsWith("-") || /\p{Cc}/u.test(given)) throw new Refusal("folder_invalid", `${JSON.stringify(given)} is not a valid name of a folder`);
    return given;
  },
  account: (given) => judge("--account", "/account", given, { account: given }),
  site: (given) => {
    const site = given.replace(/\/$/, "");
    return judge("--site", "/origins", site, { site });
  },
  url: (given) => {
    const { faults } = configuration({ ENVIRONMENT: "production", PUBLIC_URL: given });
    const fault = faults.find((/** @type {string} */ each) => /^PUBLIC_URL (?:is not|has)/.test(each));
    if (fault) throw new Refusal("url_invalid", `--url ${JSON.stringify(given)} is not valid: ${fault}`);
    return new URL(given).origin;
  },
};

/**
 * @param {string[]} args
 * @returns {Promise<Answers | undefined>} nothing where help was asked for
 */
export async function answersOf(args) {
  const { values, positionals } = flagsOf(args);
  if (values.help) return undefined;
  if (positionals.length > 1) throw new Refusal("argument_unknown", `one folder is made, and ${positionals.length} were named: ${positionals.join(", ")}`);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1024 || port > 65534) throw new Refusal("port_invalid", `--port ${JSON.stringify(values.port)} is not valid: expected 1024 to 65534`);
  const given = { folder: positionals[0], account: values.account, site: values.site, url: values.url };
  const answers = {};
  const missing = QUESTIONS.filter(([name]) => given[name] === undefined);
  for (const [name] of QUESTIONS) if (given[name] !== undefined) Object.assign(answers, { [name]: PARSE[name](given[name]) });
  if (missing.length > 0) {
    if (!process.stdin.isTTY) throw new Refusal("flag_missing", `nobody can be asked here, and ${missing.map(([name]) => (name === "folder" ? "FOLDER" : `--${name}`)).join(", ")} is missing`, { more: USAGE });
    Object.assign(answers, await asked(missing));
  }
  return { .../** @type {Answers} */ (answers), port };
}

/** @param {string[]} args */
function flagsOf(args) {
  const text = /** @type {const} */ ({ type: "string" });
  const options = { account: text, site: text, url: text, port: { ...text, default: "8787" }, help: { type: /** @type {const} */ ("boolean"), short: "h", default: false } };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (fault) {
    throw new Refusal("flag_unknown", `${/** @type {Error} */ (fault).message.split(". ")[0]}`, { more: USAGE });
  }
}

/** Asks each question until its answer is valid. @param {typeof QUESTIONS} questions */
async function asked(questions) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const left = new Promise((_, reject) => terminal.once("close", () => reject(new Refusal("cancelled", "stopped; nothing was written"))));
  left.catch(() => {});
  const answers = {};
  try {
    for (const [name, question] of questions) {
      while (!(name in answers)) {
        const answer = (await Promise.race([terminal.question(`${question}: `), left])).trim();
        try {
          if (answer) Object.assign(answers, { [name]: PARSE[name](answer) });
        } catch (fault) {
          if (!(fault instanceof Refusal)) throw fault;
          console.error(`  ${fault.message}`);
        }
      }
    }
  } finally {
    terminal.close();
  }
  return answers;
}
