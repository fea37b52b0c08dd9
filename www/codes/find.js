// Finds codes by words and by who fixes them. Without this script the page is the whole list.

const by = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const entries = [...document.querySelectorAll("article")].map((article) => ({
  article,
  text: article.textContent?.toLowerCase() ?? "",
  owner: [...article.querySelectorAll("dl div")].find((row) => row.firstChild?.textContent === "Who fixes it")?.lastChild?.textContent ?? "",
}));

function find() {
  const words = by("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  const owner = by("owner").value;
  for (const { article, text, owner: own } of entries) article.hidden = !words.every((/** @type {string} */ word) => text.includes(word)) || (owner !== "" && own !== owner);
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("article:not([hidden])");
  const shown = entries.filter(({ article }) => !article.hidden).length;
  by("found").textContent = shown === entries.length ? "" : `${shown} of ${entries.length} codes`;
}

/** What a link leads to is shown, whatever was searched for. */
function show() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target || (!target.hidden && !target.closest("section")?.hidden)) return;
  by("words").value = by("owner").value = "";
  find();
  target.scrollIntoView();
}

for (const owner of new Set(entries.map(({ owner: own }) => own).filter(Boolean))) by("owner").append(new Option(owner));
by("find").hidden = false;
by("find").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
for (const id of ["words", "owner"]) by(id).addEventListener("input", find);
addEventListener("hashchange", show);
