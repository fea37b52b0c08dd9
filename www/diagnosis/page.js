// The page's own parts by their ids: one that is missing is a mistake of ours and says so.

/** @param {string} id @returns {any} */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** The value of the chosen radio button. @param {string} name @returns {string} */
export const chosen = (name) => /** @type {HTMLInputElement} */ (document.querySelector(`input[name="${name}"]:checked`)).value;

/** @param {string} name @param {string} value */
export function choose(name, value) {
  for (const button of document.querySelectorAll(`input[name="${name}"]`)) {
    const input = /** @type {HTMLInputElement} */ (button);
    input.checked = input.value === value;
  }
}
