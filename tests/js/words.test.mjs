// The words of the console: each language has a word for each key, and each key is said somewhere. No view shows text of its own.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { REFUSED } from "../../www/desk/campaigns/visitors.js";
import { REFUSALS } from "../../www/desk/words/refusals.js";
import { LANGUAGES, chosenAmong, consentIn, inLanguage, refusal, say, sayOf, sayWith } from "../../www/desk/words/speech.js";
import { dateIn } from "../../www/shared/dates.js";
import "./support/patience.mjs";

/** Programs, which are in no language of people. */
const PROGRAMS = "snippets.js";

const desk = new URL("../../www/desk/", import.meta.url);
const files = readdirSync(desk, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js") && !/(?:^|[/\\])words[/\\](?!choice)/.test(file));
/** The script of a view without its comments. @param {string} file */
const scriptOf = (file) => readFileSync(new URL(file, desk), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const scripts = files.map(scriptOf).join("\n");
const english = /** @type {Record<string, import("../../www/desk/words/speech.js").Word>} */ (LANGUAGES.en);
const keys = Object.keys(english);

/** @param {RegExp} pattern */
const found = (pattern) => new Set([...scripts.matchAll(pattern)].map(([, key = ""]) => key));
/** @param {import("../../www/desk/words/speech.js").Word | undefined} word */
const spelled = (word) => (typeof word === "object" ? Object.values(word) : [word ?? ""]);
/** @param {string} text */
const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("each language has the words of every key, in its order, with the same values put in", () => {
  for (const [lang, words] of Object.entries(LANGUAGES)) {
    assert.deepEqual(Object.keys(words), keys, lang);
    for (const [key, word] of Object.entries(words)) {
      const named = holes(spelled(english[key]).join(" "));
      for (const text of spelled(word)) {
        assert.ok(text.trim().length > 0, `${lang} ${key}`);
        assert.deepEqual(holes(text).filter((hole) => !named.includes(hole)), [], `${lang} ${key}`);
      }
      assert.deepEqual(new Set(holes(spelled(word).join(" "))), new Set(named), `${lang} ${key}`);
      const plurals = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
      if (typeof word === "object") assert.deepEqual(Object.keys(word).filter((form) => !plurals.includes(/** @type {any} */ (form))), [], `${lang} ${key}`);
    }
  }
});

test("Dutch says je to everybody", async () => {
  const campaign = (await import("../../www/campaign/languages/nl.js")).nl;
  const [, ofPages] = readFileSync(new URL("../../worker/src/http/page_words.js", import.meta.url), "utf8").split("  nl: {");
  const words = [...Object.entries(campaign), ...Object.entries(LANGUAGES.nl).map(([key, word]) => [key, spelled(word).join(" ")]), ["of a page", ofPages]];
  assert.ok(ofPages.length > 100 && words.length > 300);
  assert.deepEqual(words.filter(([, text]) => /(?<!\p{L})u(?:w|zelf)?(?!\p{L})/iu.test(text)), []);
});

test("a part of the words with files of its own has keys of its own", async () => {
  const [whole, part] = await Promise.all(["../../www/desk/words/en.js", "../../www/desk/campaigns/words/en.js"].map((file) => import(file)));
  assert.deepEqual(Object.keys(part.en).filter((key) => key in whole.en), []);
});

test("each key is said somewhere, and what is said has a key", () => {
  const said = found(/\b(?:say|sayWith)\(\s*"([^"]+)"/g);
  const kinds = found(/\bsayO[fr]\("([^"]+)"/g);
  const written = found(/"([\w.-]+)"/g);
  assert.ok(said.size > 15 && kinds.size > 1, "they are found");
  assert.deepEqual([...said].filter((key) => !(key in english)), []);
  assert.deepEqual([...kinds].filter((kind) => !keys.some((key) => key.startsWith(`${kind}.`))), []);
  assert.deepEqual(keys.filter((key) => !key.includes(".")), [], "a key is told from a word of a script by its dot");
  assert.deepEqual(keys.filter((key) => !written.has(key) && ![...kinds].some((kind) => key.startsWith(`${kind}.`))), []);
});

/** Text of a script's templates that is shown as it stands. @param {string} script */
function shownText(script) {
  /** @type {string[]} */
  const text = [];
  for (let at = script.indexOf("html`"); at >= 0; at = script.indexOf("html`", at + 5)) {
    let [depth, markup] = [0, ""];
    for (let i = at + 5; i < script.length && (depth > 0 || script[i] !== "`"); i++) {
      if (script.startsWith("${", i)) depth += 1;
      else if (depth > 0 && script[i] === "{" && script[i - 1] !== "$") depth += 1;
      else if (depth > 0 && script[i] === "}") depth -= 1;
      if (depth === 0) markup += script[i];
    }
    // What stands between elements, and what is read out or shown of their attributes.
    text.push(...markup.split(/<[^>]*>/), ...[...markup.matchAll(/\b(?:aria-label|title|label|note|placeholder|alt)="([^"}]*)"/g)].map(([, value = ""]) => value));
  }
  return text.filter((piece) => /\p{L}{2}/u.test(piece) && !/^https:\/\/\S+$/.test(piece));
}

test("no view shows text of its own", () => {
  for (const file of files.filter((file) => file !== PROGRAMS)) assert.deepEqual([file, shownText(scriptOf(file))], [file, []]);
});

test("words are chosen by number, written by language, and put in as text or elements", () => {
  assert.equal(sayOf("role", "manager"), "manager");
  assert.equal(sayOf("role", "nobody's"), "nobody's");
  assert.equal(say("signin.console", { account: "<b>" }), "Console of <b>");
  const bold = { b: 1 };
  assert.deepEqual(sayWith("signin.console", { account: bold }), ["Console of ", bold, ""]);
  assert.equal(consentIn({ wording: { en: "I accept {rules} and {more}." }, links: { rules: { text: { en: "the rules" } } } }), "I accept the rules and {more}.");
  assert.deepEqual([dateIn("fr-BE", { dateStyle: "long", timeZone: "UTC" })(Date.UTC(2031, 11, 1)), dateIn("fr", { dateStyle: "long", timeZone: "UTC" })(Date.UTC(2031, 11, 11)), dateIn("nl", { dateStyle: "long", timeZone: "UTC" })(Date.UTC(2031, 11, 1))], ["1er décembre 2031", "11 décembre 2031", "1 december 2031"]);
  assert.deepEqual([inLanguage({ fr: "Vélo", en: "Bike" }), inLanguage({ fr: "Vélo" }), inLanguage("Bike"), inLanguage(undefined)], ["Bike", "Vélo", "Bike", ""]);
});

test("what the service refuses is said in each language for the same codes, which are those of the catalogue", () => {
  const { codes, warnings } = JSON.parse(readFileSync(new URL("../../errors.json", import.meta.url), "utf8"));
  const [programs = [], first = [], ...others] = Object.values(REFUSALS).map(Object.keys);
  assert.deepEqual(Object.keys(REFUSALS), Object.keys(LANGUAGES));
  // English has other words only for sentences that speak to programs: no remedy at the console names the API or a header.
  const toPrograms = /\/openapi|POST |ETag|If-Match|Retry-After|KiB|signIn/;
  assert.deepEqual(first.filter((code) => code in codes && toPrograms.test(codes[code].how)).sort(), [...programs].sort());
  assert.deepEqual(first.filter((code) => !(code in codes || code in warnings)), []);
  for (const other of others) assert.deepEqual(other, first);
  assert.equal(refusal("role_missing", "Your role does not allow this."), "Your role does not allow this.");
});

const repository = new URL("../../", import.meta.url);
/** @param {string} file */
const text = (file) => readFileSync(new URL(file, repository), "utf8");
/** Words of a list in a script. @param {string} list */
const wordsOf = (list) => [...list.matchAll(/"(\w+)"/g)].map(([, word = ""]) => word).sort();
/** Names behind the beginning of keys. @param {string} kind */
const named = (kind) => keys.filter((key) => key.startsWith(`${kind}.`)).map((key) => key.slice(kind.length + 1));

test("each reason of a fault has words, and no other", () => {
  const reasons = new Set(named("why").map((name) => name.split(".")[0]));
  const [, list = ""] = /FAULT_REASONS = .*?\(\[(.*)\]\)/.exec(text("worker/src/schemas/problem.js")) ?? [];
  assert.deepEqual([...reasons].sort(), wordsOf(list));
});

test("the preview of a refusal shows each page of a refusal once, with words for each", () => {
  const { codes, public: reasons } = JSON.parse(text("errors.json"));
  const shown = Object.keys(REFUSED).map((code) => codes[code].public);
  // A campaign that does not exist has no preview.
  assert.deepEqual(shown.sort(), Object.keys(reasons).filter((reason) => reason !== "campaign_unknown").sort());
  assert.deepEqual(named("live.code").sort(), Object.keys(REFUSED).sort());
});

test("the events of the tag have the same names in the API, in its types, in the trail of a page, in the documentation and in words", () => {
  const events = wordsOf(/const EVENTS = oneOf\((.*)\)/.exec(text("worker/src/schemas/campaign.js"))?.[1] ?? "");
  const [, list = ""] = /const NAMES = \[(.*?)\]/.exec(text("pkg-template/tag/tag-trail.js")) ?? [];
  const [, types = ""] = /interface Events \{(.*?)^\}/ms.exec(text("pkg-template/tag.d.ts")) ?? [];
  const [, table = ""] = /^## Events$(.*?)^## /ms.exec(text("docs/events.md")) ?? [];
  const all = {
    trail: [...list.matchAll(/"(\w+)"/g)], types: [...types.matchAll(/^  (\w+): \{/gm)], handlers: [...text("pkg-template/tag.d.ts").matchAll(/"handstamp:(\w+)":/g)],
    documentation: [...table.matchAll(/^\| `(\w+)` \|/gm)],
  };
  for (const [place, found] of Object.entries(all)) assert.deepEqual([place, found.map(([, name]) => name).sort()], [place, events]);
  assert.deepEqual(named("event").sort(), events);
});

test("the account's languages come before the reader's, a choice before both", () => {
  assert.equal(chosenAmong(null, ["de", "nl-BE"], []), "nl");
  assert.equal(chosenAmong(null, ["de"], []), "en");
  assert.equal(chosenAmong(null, ["en", "nl"], ["fr", "nl"]), "nl");
  assert.equal(chosenAmong(null, ["en"], ["fr", "nl"]), "fr");
  assert.equal(chosenAmong("en", ["fr"], ["fr"]), "en");
  assert.equal(chosenAmong("xx", ["nl"]), "nl");
});
