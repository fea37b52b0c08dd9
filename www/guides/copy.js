// A button on each snippet that copies it. Without JavaScript the page is the same, less the buttons.

for (const caption of document.querySelectorAll("figcaption")) {
  const code = caption.parentElement?.querySelector("pre");
  if (!code || !navigator.clipboard) continue;
  const button = document.createElement("button");
  const name = caption.firstChild?.textContent?.trim() ?? "";
  const say = (/** @type {string} */ word) => {
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${name}`);
  };
  button.type = "button";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.innerText).then(() => say("Copied"), () => getSelection()?.selectAllChildren(code));
    setTimeout(say, 2000, "Copy");
  });
  say("Copy");
  caption.append(button);
}
