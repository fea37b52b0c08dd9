// The language of the snippets: chosen in one, it is chosen in all that have it, on the next page too.

const KEY = "handstamp-language";
const choices = [...document.querySelectorAll(".variants input")].map((input) => /** @type {HTMLInputElement} */ (input));

/** @param {string | null} language */
const choose = (language) => {
  for (const input of choices) if (input.value === language) input.checked = true;
};

/** A browser may refuse to keep anything. @template T @param {() => T} use @returns {T | null} */
function kept(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

choose(kept(() => localStorage.getItem(KEY)));
for (const input of choices)
  input.addEventListener("change", () => {
    kept(() => localStorage.setItem(KEY, input.value));
    choose(input.value);
  });
