// How the campaign looks and speaks, in a real Chromium: the theme that the host page gives, the visitor's language and
// the way to another, right to left, and words longer than a line. With HANDSTAMP_SHOTS a picture of each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ARABIC } from "../support/browser/arabic.mjs";
import { container, openHostPages } from "../support/browser/host_page.mjs";
import { lookAt } from "../support/browser/looked_at.mjs";
import { REPEATS } from "../support/repeats.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
const LOGO = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA5NiAyNCI+PGNpcmNsZSBjeD0iMTIiIGN5PSIxMiIgcj0iMTAiIGZpbGw9IiMwYjVjM2IiLz48cmVjdCB4PSIzMCIgeT0iNyIgd2lkdGg9IjYwIiBoZWlnaHQ9IjEwIi8+PC9zdmc+";
const LONG = "Donaudampfschifffahrtsgesellschaftsfest";

before(async () => {
  pages = await openHostPages();
  const { document, all } = pages;
  const question = { id: "colour", text: { en: "Which colour?", fr: "Quelle couleur ?", ar: "ما اللون؟" }, choices: ["Red", LONG].map((text, at) => ({ id: `c${at}`, text: { en: text } })) };
  const fields = [{ name: "city", type: "text" }];
  Object.assign(document.campaigns, {
    500001: { signIn: ["anonymous"], title: { en: "Summer", fr: "Été", ar: "الصيف" }, languages: ["en", "fr", "ar"], fields, questions: [question], texts: { ar: ARABIC } },
    500003: {
      signIn: ["oauth", "anonymous"], title: { en: "The summer game", fr: "Le jeu de l’été", ar: "لعبة الصيف" }, languages: ["en", "fr", "ar"], limit: {},
      brand: { color: "#0b5c3b", name: "Acme", logo: LOGO },
      fields: [
        { name: "firstname", type: "text", required: true }, { name: "phone", type: "tel" }, { name: "country", type: "country" }, { name: "age", type: "number", min: 16, label: { en: "Age", fr: "Âge", ar: "العمر" } },
        { name: "size", type: "select", required: true, label: { en: "Size", fr: "Taille", ar: "المقاس" }, choices: [{ id: "s", text: { en: "Small", fr: "Petite", ar: "صغير" } }] },
      ],
      optins: [{ name: "rules", required: true, wording: { en: "I accept {rules}.", fr: "J’accepte {rules}.", ar: "أوافق على {rules}." }, links: { rules: { text: { en: "the rules of the game", fr: "le règlement du jeu", ar: "قواعد اللعبة" }, url: "https://www.acme.example/rules" } } }],
      questions: [{ ...question, right: "c0" }],
      exit: { url: "https://www.acme.example/shop", share: "https://www.acme.example/win" },
      texts: { ar: ARABIC },
    },
    500004: {
      signIn: ["token"], title: { en: "The summer game", fr: "Le jeu de l’été", ar: "لعبة الصيف" }, languages: ["en", "fr", "ar"], fields,
      texts: { ar: ARABIC },
    },
    500005: { signIn: ["anonymous"], title: { pl: "Lato" }, languages: ["pl"], fields, questions: [1, 2, 3].map((n) => ({ ...question, id: `q${n}` })), texts: { pl: { "intro.text": "{count} pytań.", "intro.text.few": "{count} pytania." } } },
    500002: { signIn: ["anonymous"], title: { en: LONG }, fields: [{ name: "city", type: "text", label: { en: LONG } }], optins: [{ name: "rules", required: true, wording: { en: LONG } }], questions: [question] },
  });
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(() => pages?.close());

/** @param {import("playwright-core").Page} page */
const campaignFrame = (page) => page.frames().find((frame) => frame.url().startsWith(`${pages.worker}/campaign/`));
/** @param {import("playwright-core").Page} page @param {string} of @param {string} property */
const colour = (page, of, property) => campaignFrame(page)?.evaluate(([selector, name]) => getComputedStyle(/** @type {Element} */ (document.querySelector(selector)))[/** @type {any} */ (name)], [of, property]);

const LIGHT = "rgb(251, 250, 246)";
const DARK = "rgb(17, 18, 24)";
const NONE = "rgba(0, 0, 0, 0)";
for (const [theme, prefers, background] of /** @type {const} */ ([
  ["light", "dark", LIGHT], ["dark", "light", DARK], ["auto", "dark", DARK], ["", "light", LIGHT],
  ["purple", "dark", DARK], ["dark transparent", "light", NONE], ["transparent", "dark", NONE],
])) {
  test(`the theme "${theme}" on a ${prefers} desk`, async () => {
    const { context, page, screen } = await pages.hostPage({ body: container(theme ? { theme } : {}).replace("100001", "500002") });
    await page.emulateMedia({ colorScheme: prefers });
    await screen.getByRole("button", { name: "Start" }).waitFor();
    assert.equal(await colour(page, "html", "backgroundColor"), background);
    const isDark = theme.startsWith("dark") || (prefers === "dark" && theme !== "light");
    assert.equal(await colour(page, "h1", "color"), isDark ? "rgb(244, 243, 238)" : "rgb(21, 22, 29)");
    await context.close();
  });
}

test("a word longer than its line is broken: nothing is cut at 390 pixels, nor in a frame of 296", async () => {
  const { context, page } = await pages.all.visitor();
  for (const [width, height] of [[390, 844], [296, 480]]) {
    await page.setViewportSize({ width, height });
    await page.goto("about:blank");
    await page.goto(`${pages.worker}/campaign/demo/500002`);
    const steps = [async () => {}, () => page.getByRole("button", { name: "Start" }).press("Enter"), async () => {
      await page.getByRole("radio").first().press("Space");
      await page.getByRole("button", { name: "Next" }).press("Enter");
    }];
    for (const [at, go] of steps.entries()) {
      await go();
      await page.locator(`[data-step="${["intro", "questions", "form"][at]}"]`).waitFor();
      const [wide, cut] = await page.evaluate(() => [
        document.documentElement.scrollWidth - innerWidth,
        [...document.querySelectorAll("h1, label, .choice span")].filter((node) => node.getBoundingClientRect().right > innerWidth || node.scrollWidth > node.clientWidth + 1).map((node) => node.textContent),
      ]);
      assert.deepEqual([at, wide, cut], [at, 0, []]);
    }
    await page.evaluate(() => sessionStorage.clear());
  }
  // Where the reader's own colours stand in for ours, a button still looks like one.
  await page.emulateMedia({ forcedColors: "active" });
  assert.equal(await page.locator(".primary").evaluate((node) => getComputedStyle(node).borderTopStyle), "solid");
  await context.close();
});

test("the browser's languages decide where the page names none, and the page's where it does", async () => {
  for (const [header, query, lang] of [["fr-BE,fr;q=0.9,en;q=0.8", "", "fr"], ["de;q=0.9,en;q=0.1,fr;q=0.5", "", "fr"], ["fr;q=0,ar", "", "ar"], ["de", "", "en"], ["", "", "en"], ["fr", "?lang=en", "en"], ["fr", "?lang=", "fr"], [";;q=x,,", "", "en"]]) {
    const answer = await fetch(`${pages.worker}/campaign/demo/500001${query}`, { headers: { "accept-language": header } });
    assert.equal(answer.headers.get("content-language"), lang, `${header} ${query}`);
    assert.ok((await answer.text()).includes(`src="/campaign/languages/${lang === "fr" ? "fr" : "en"}.js"`), `${header} ${query}: our own words`);
    assert.equal(answer.headers.get("vary"), "accept-language");
  }
});

test("a text that depends on a number is the account's own for the language's plural", async () => {
  const { context, page } = await pages.all.visitor();
  await page.goto(`${pages.worker}/campaign/demo/500005`);
  await page.getByText("3 pytania.").waitFor();
  await context.close();
});

test("the participant changes the language in the middle of it; step and answers stay, right to left where it is so written", async () => {
  const { context, page, screen, faults } = await pages.hostPage({ body: container({}).replace("100001", "500001") });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByText("Which colour?").waitFor();
  await screen.getByRole("radio").first().press("Space");
  await screen.getByRole("button", { name: "Next" }).press("Enter");
  await screen.getByRole("textbox", { name: "City" }).fill("Liège");
  await screen.getByRole("combobox", { name: "Language" }).selectOption({ label: "français" });
  await screen.getByRole("button", { name: "Participer" }).waitFor();
  assert.equal(await screen.getByRole("textbox", { name: "Ville" }).inputValue(), "Liège");
  // The host page still asks for English: the choice of the participant stands above it, after a reload too.
  await page.reload();
  await screen.getByRole("button", { name: "Participer" }).waitFor();
  await screen.getByRole("combobox", { name: "Langue" }).selectOption("ar");
  await screen.getByRole("heading", { name: "بياناتك" }).waitFor();
  assert.equal(await screen.locator("html").getAttribute("dir"), "rtl");
  assert.equal(await screen.locator("html").getAttribute("lang"), "ar");
  await screen.getByRole("button", { name: "شارك" }).press("Enter");
  await screen.locator(".exit").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("each step in Arabic, and with long words: by axe, on a desk and a telephone", async () => {
  const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
  for (const [campaign, lang] of [["500001", "ar"], ["500002", "en"]]) {
    await page.goto(`${pages.worker}/campaign/demo/${campaign}?lang=${lang}`);
    await page.locator('[data-step="intro"]').waitFor();
    await page.locator(".primary").press("Enter");
    await page.locator('[data-step="questions"]').waitFor();
    await lookAt(page, `campaign-${lang}-question`);
    await page.getByRole("radio").first().press("Space");
    await page.locator(".primary").press("Enter");
    await page.locator('[data-step="form"]').waitFor();
    if (campaign === "500002") await page.locator(".primary").press("Enter");
    await lookAt(page, `campaign-${lang}-form`);
  }
  await context.close();
});

for (const lang of ["ar", "en", "fr"]) {
  test(`every step of a campaign with a brand, in ${lang}: by axe, and not wider than its window`, lang === "ar" ? {} : REPEATS, async () => {
    const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
    /** @param {string} step */
    const look = async (step) => {
      await page.locator(`[data-step="${step}"]`).waitFor();
      await lookAt(page, `steps-${lang}-${step}`, { brief: lang !== "ar" });
    };
    await page.goto(`${pages.worker}/campaign/demo/500003?lang=${lang}`);
    await look("intro");
    await page.locator(".primary").press("Enter");
    await look("questions");
    await page.getByRole("radio").nth(1).press("Space");
    await page.locator(".primary").press("Enter");
    await look("login");
    await page.locator(".secondary").first().press("Enter");
    await page.locator('[data-step="form"]').waitFor();
    await page.locator(".primary").press("Enter");
    await look("form");
    // A list takes no style: on a page from right to left, what is still English has its dots behind it.
    const isolates = lang === "ar" ? ["\u2068", "\u2069"] : ["", ""];
    assert.equal(await page.locator("#field-size option").first().textContent(), isolates.join(lang === "fr" ? "Choisir…" : "Choose…"));
    await page.locator("#field-firstname").fill("Zoë");
    await page.locator("#field-size").selectOption("s");
    await page.locator("#optin-rules").press("Space");
    await page.locator(".primary").press("Enter");
    await look("exit");
    await page.goto(`${pages.worker}/campaign/demo/500004?lang=${lang}`);
    await page.locator(".primary, .secondary").first().waitFor();
    await look("sorry");
    assert.equal(await page.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
    await context.close();
  });
}
