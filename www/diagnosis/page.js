// The page's own parts by their ids: one that is missing is a mistake of ours and says so.

/** @param {string} id @returns {any} */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** What each part shows. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/**
 * Puts nodes into a part, unless they read the same as those that are there: nothing moves under a reader's cursor,
 * and nothing that is selected is lost.
 * @param {Element} box @param {Node[]} nodes
 */
export function fill(box, nodes) {
  const text = nodes.map(({ textContent }) => textContent).join("\n");
  if (shown.get(box) === text) return;
  shown.set(box, text);
  box.replaceChildren(...nodes);
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
