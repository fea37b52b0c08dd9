// The words of the campaign: complete in every language, and filled in as text.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../../www/campaign/languages/en.js";
import { fr } from "../../../www/campaign/languages/fr.js";
import { nl } from "../../../www/campaign/languages/nl.js";
import { inLanguage, speaker } from "../../../www/campaign/texts.js";
import { SPOKEN, spokenFor } from "../../../worker/src/http/page_words.js";
import { container, openHostPages } from "../support/browser/host_page.mjs";

const files = { en, fr, nl };
/** The words that the service names for a page in a language. @param {string} lang */
const ours = (lang) => files[/** @type {"en" | "fr" | "nl"} */ (spokenFor(lang))];

/** @param {string} text */
const names = (text) => [...text.matchAll(/\{([\w.]+)\}/g)].map(([, name]) => name).sort();

for (const [lang, words] of Object.entries({ fr, nl })) {
  test(`every text of the campaign is there in ${lang}, with the same values in it`, () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) assert.deepEqual(names(words[key]), names(text), key);
  });
}

test("each language that the service speaks is a file of words, and no other", async () => {
  const folder = await readdir(new URL("../../../www/campaign/languages", import.meta.url));
  assert.deepEqual(folder.sort(), SPOKEN.map((lang) => `${lang}.js`).sort());
  assert.deepEqual(Object.keys(files), SPOKEN);
});

test("every reason that a participant may be given has a title and a sentence in every language", async () => {
  const catalogue = JSON.parse(await readFile(new URL("../../../errors.json", import.meta.url), "utf8"));
  for (const reason of Object.keys(catalogue.public)) {
    for (const words of [en, fr, nl]) {
      assert.ok(words[`sorry.${reason}`], `sorry.${reason}`);
      assert.ok(words[`sorry.title.${reason}`], `sorry.title.${reason}`);
    }
  }
});

test("an account can replace each text of the page, and no other", async () => {
  const schema = JSON.parse(await readFile(new URL("../../../worker/account.schema.json", import.meta.url), "utf8"));
  const keys = schema.$defs.campaign.properties.texts.additionalProperties.propertyNames.enum;
  // Those that have no text of ours: titles that the page has from elsewhere, and forms of a number that our languages lack.
  const more = ["intro.title", "sorry.title", "intro.text.zero", "intro.text.two", "intro.text.few", "intro.text.many"];
  assert.deepEqual(keys, [...Object.keys(en), ...more].sort());
});

test("the most specific text that an account gives wins, and its own before ours", () => {
  const say = speaker("en", { "exit.title": "Bravo!", "intro.text.one": "One, {count}." }, en);
  assert.equal(say(["exit.title.known", "exit.title"], { form: { firstname: "Lea" } }), "Bravo!");
  assert.equal(say(["intro.text.one", "intro.text"], { count: 1 }), "One, 1.");
  assert.equal(say(["intro.text.other", "intro.text"], { count: 3 }), "3 short questions, then your details. It takes about a minute.");
  assert.equal(speaker("en", { "intro.text": "{count} riddles" }, en)(["intro.text.none", "intro.text"]), en["intro.text.none"], "no count, no number");
});

test("the account's own text comes first, unless a value that it needs is missing", () => {
  const say = speaker("en", { "sorry.quota_reached": "You have played {custom.played} times." }, en);
  assert.equal(say("sorry.quota_reached", { custom: { played: 3 } }), "You have played 3 times.");
  assert.equal(say("sorry.quota_reached", { custom: { played: "<b>3</b>" } }), "You have played <b>3</b> times.");
  assert.equal(say("sorry.quota_reached", { custom: {} }), en["sorry.quota_reached"]);
  assert.equal(say("sorry.quota_reached"), en["sorry.quota_reached"]);
  assert.equal(say("exit.title.known", { form: {} }), "", "no text rather than one with a hole");
});

test("a value that runs the other way keeps its own order in a text, and a number needs no help", () => {
  assert.equal(speaker("en", {}, en)("exit.title.known", { form: { firstname: "محمد" } }), "Thank you, \u2068محمد\u2069!");
  assert.equal(speaker("ar", { "exit.title.known": "شكرًا لك، {form.firstname}!" }, en)("exit.title.known", { form: { firstname: "Zoë" } }), "شكرًا لك، \u2068Zoë\u2069!");
  assert.equal(speaker("ar", { "exit.score": "{right} من {count}" }, en)("exit.score", { right: 1, count: 2 }), "1 من 2");
  assert.equal(speaker("en", {}, en)("exit.title.known", { form: { firstname: "Zoë" } }), "Thank you, Zoë!");
});

test("names of the object itself are not values", () => {
  const say = speaker("en", { "exit.title": "{custom.constructor}{custom.__proto__}{custom.toString}" }, en);
  assert.equal(say("exit.title", { custom: {} }), en["exit.title"]);
});

test("a language we do not speak falls back to English, a regional one to its language", () => {
  assert.equal(speaker("de", {}, ours("de"))("next"), en.next);
  assert.equal(speaker("fr-BE", {}, ours("fr-BE"))("next"), fr.next);
  assert.equal(speaker("nl-BE", { nl: { next: "Vooruit" }, fr: { next: "Avance" } }, ours("nl-BE"))("next"), "Vooruit");
  assert.equal(inLanguage({ en: "Prize", fr: "Prix" }, "fr-CA"), "Prix");
  assert.equal(inLanguage({ nl: "Prijs" }, "fr"), "Prijs");
  assert.equal(inLanguage("Prize", "fr"), "Prize");
  assert.equal(inLanguage(undefined, "fr"), "");
});

test("a value of the token that is HTML is shown as its letters on the screen of a refusal, and runs nothing", async () => {
  const pages = await openHostPages();
  try {
    const played = '<img src=x onerror="top.postMessage(1)"><script>parent.postMessage(1)</script><b>7</b>&amp;{custom.played}';
    const token = await pages.mint({ limit: { nb: 0 }, custom: { played } });
    const { context, page, screen, faults } = await pages.hostPage({ body: container({ token }), script: "addEventListener('message', (event) => event.data === 1 && (window.harmed = true));" });
    await screen.getByRole("heading", { name: en["sorry.title.quota_reached"] }).waitFor();
    await screen.getByText(`You have already played ${played} times.`).waitFor();
    assert.equal(await screen.locator("main :is(img, script, .lead p b)").count(), await screen.locator("main .ref b").count(), "no element but our own");
    assert.equal(await page.evaluate(() => "harmed" in window), false);
    assert.deepEqual(faults, []);
    await context.close();
  } finally {
    await pages.close();
  }
});
