/*
 * The trail: what the campaigns of this page told it, shown in a corner. The tag imports it when the page's address
 * says `?handstamp-debug`. Events carry codes, names and refs, so there is nothing here that may not be copied
 * into a ticket. Everything is made of elements, text and properties: no policy of the page stands in the way.
 */

const NAMES = ["ready", "admitted", "refused", "prefilled", "submitted", "expired", "looked", "login", "warning", "error"];
/** Links in some mail programs are cut at about this length. */
const LONGEST_LINK = 1800;

const box = document.createElement("section");
const list = document.createElement("div");
const copy = document.createElement("button");
/** @type {string[]} */
const lines = [];

/** @param {string} name @param {Record<string, unknown>} detail */
function note(name, detail) {
  // A receipt names the person: it is for the page's own scripts alone.
  const said = Object.entries(detail).filter(([key, value]) => value !== undefined && value !== "" && key !== "receipt");
  const time = (performance.now() / 1000).toFixed(2).padStart(7);
  const line = `${time} s  ${name}  ${said.map(([key, value]) => `${key}=${Array.isArray(value) ? value.join(",") : value}`).join(" ")}`;
  lines.push(line);
  const item = document.createElement("div");
  item.textContent = line;
  if (name === "error" || name === "refused" || name === "warning") item.style.color = "#ffb4a8";
  list.append(item);
  list.scrollTop = list.scrollHeight;
}

box.setAttribute("aria-label", "Handstamp trail");
box.style.cssText =
  "position:fixed;inset:auto 8px 8px auto;z-index:2147483647;width:min(560px,calc(100vw - 16px));box-sizing:border-box;" +
  "padding:8px 12px;border-radius:8px;background:#17211c;color:#e9f2ec;font:12px/1.5 ui-monospace,monospace;text-align:left";
list.setAttribute("role", "log");
list.setAttribute("aria-label", "Events");
list.tabIndex = 0;
list.style.cssText = "margin:0 0 8px;max-height:30vh;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere";
copy.type = "button";
copy.textContent = "Copy";
copy.style.cssText = "font:inherit;padding:2px 12px;border:1px solid currentColor;border-radius:4px;background:none;color:inherit;cursor:pointer";
copy.onclick = async () => {
  try {
    await navigator.clipboard.writeText(lines.join("\n"));
    copy.textContent = "Copied";
  } catch {
    // No clipboard here: the text is selected instead.
    getSelection()?.selectAllChildren(list);
  }
};
box.append(list, copy);
document.body.append(box);

note("tag", { version: __VERSION__, page: location.origin + location.pathname });
const { name: address } = performance.getEntriesByType("navigation")[0] ?? { name: "" };
if (/[?#&]token=/.test(address) && address.length > LONGEST_LINK) note("warning", { code: "link_long", characters: address.length });
for (const name of NAMES) {
  document.addEventListener(`handstamp:${name}`, (event) => note(name, /** @type {CustomEvent} */ (event).detail));
}
