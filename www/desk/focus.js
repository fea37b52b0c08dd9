// Keeps somebody at the keyboard where they are. Where a button goes away with what it did, such as one that publishes or
// archives, the nearest message or heading has the focus next; one that only waits has it again afterwards. Without this they
// would begin at the top of the page.

/** What comes next, the first that there is: a message of what was done, the heading, and while that is on its way the word of it. */
const NEXT = ['.notice[role="status"]:not(:empty), .inset > [role="status"]', "h2, h3", '[role="status"]:not(:empty)', "h1"];

/** @param {Element} inside */
function move(inside) {
  const seen = (/** @type {string} */ one) => [...inside.querySelectorAll(one)].find((found) => found.checkVisibility() && !found.classList.contains("unseen"));
  const next = NEXT.map(seen).find(Boolean) ?? inside;
  if (!(next instanceof HTMLElement)) return;
  next.tabIndex = -1;
  next.focus();
}

/** @param {Element} place in which all views are drawn */
export function keepFocus(place) {
  /** What has the focus, or had it until it went away or had to wait. @type {HTMLElement | undefined} */
  let held;
  /** @type {Element[]} */
  let around = [];
  let waits = false;
  place.addEventListener("focusin", ({ target }) => {
    held = /** @type {HTMLElement} */ (target);
    [around, waits] = [[], false];
    for (let one = held.parentElement; one && place.contains(one); one = one.parentElement) around.push(one);
  });
  // The page of a preview puts the focus on its next step: nobody who types here, and did not go there by Tab or mouse, shall lose it.
  let key = "";
  addEventListener("keydown", (event) => (key = event.key));
  addEventListener("blur", () => {
    const [last, frame] = [held, document.activeElement];
    const isTaken = frame instanceof HTMLIFrameElement && key !== "Tab" && matchMedia("(hover: hover)").matches && !frame.matches(":hover");
    if (isTaken) setTimeout(() => last?.isConnected && last.focus());
  });
  // A control that is removed loses the focus while it is still there: only afterwards it is known whether somebody left it.
  place.addEventListener("focusout", ({ target }) => setTimeout(() => {
    if (held !== target || !held.isConnected || document.activeElement === held) return;
    waits = held.matches(":disabled");
    if (!waits) held = undefined;
  }));
  new MutationObserver(() => {
    if (!held || document.activeElement !== document.body) return;
    if (held.isConnected) {
      if (waits && !held.matches(":disabled")) held.focus();
      return;
    }
    const nearest = around.find((one) => one.isConnected) ?? place;
    held = undefined;
    move(nearest);
  }).observe(place, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}
