// A button on each snippet that copies it. Without JavaScript the page is the same, less the buttons.

import { element } from "../shared/element.js";

for (const caption of document.querySelectorAll("figcaption")) {
  const code = caption.parentElement?.querySelector("pre");
  if (!code || !navigator.clipboard) continue;
  const name = code.ariaLabel ?? "";
  const say = (/** @type {string} */ word) => {
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${name}`);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(code.innerText).then(() => say("Copied"), () => getSelection()?.selectAllChildren(code));
    setTimeout(say, 2000, "Copy");
  };
  const button = element("button", { type: "button", onclick: copy });
  say("Copy");
  caption.append(button);
}
