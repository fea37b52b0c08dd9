// The diagrams of the guides: who sends what to whom, one below the other, drawn of the list that says the same in words.
// The list stays beside the drawing and is its text alternative.
//
//   <ol class="sequence" data-title="…" data-lanes="Your server|Browser|Handstamp">
//   <li data-arrow="1-2" data-says="token">…</li>   from the first lane to the second
//   <li data-arrow="3" data-says="checks">…</li>     something that the third does by itself

import { escaped } from "./snippets.mjs";

const WIDTH = 400;
const TOP = 46;
const STEP = 46;

const attribute = (/** @type {string} */ tag, /** @type {string} */ name) => new RegExp(`data-${name}="([^"]*)"`).exec(tag)?.[1] ?? "";

/** @param {number} from @param {number} to @param {number} y */
function arrow(from, to, y) {
  const towards = Math.sign(to - from);
  const end = to - towards * 3;
  return `<path class="arrow" d="M${from + towards * 11} ${y}H${end}M${end - towards * 7} ${y - 4}l${towards * 7} 4l${-towards * 7} 4"/>`;
}

/** @param {string} list the whole element */
function drawing(list) {
  const lanes = attribute(list, "lanes").split("|");
  const space = WIDTH / lanes.length;
  const at = (/** @type {number} */ lane) => Math.round((lane - 0.5) * space);
  const steps = [...list.matchAll(/<li [^>]*>/g)].map(([tag]) => ({ arrow: attribute(tag, "arrow"), says: attribute(tag, "says") }));
  const height = TOP + steps.length * STEP + 6;
  const heads = lanes.map((name, index) => {
    const x = at(index + 1);
    return `<path class="life" d="M${x} 32V${height}"/><rect class="lane" x="${x - space / 2 + 4}" y="1" width="${space - 8}" height="31" rx="7"/><text x="${x}" y="21">${name}</text>`;
  });
  const arrows = steps.map(({ arrow: way, says }, index) => {
    const y = TOP + index * STEP + 26;
    const [from, to] = way.split("-").map(Number);
    const number = `<circle cx="${at(from)}" cy="${y}" r="10"/><text class="number" x="${at(from)}" y="${y + 4}">${index + 1}</text>`;
    if (to) return `${arrow(at(from), at(to), y)}<text class="says" x="${(at(from) + at(to)) / 2}" y="${y - 8}">${says}</text>${number}`;
    const isLast = from === lanes.length;
    return `<text class="says" x="${at(from) + (isLast ? -16 : 16)}" y="${y + 4}" text-anchor="${isLast ? "end" : "start"}">${says}</text>${number}`;
  });
  const title = attribute(list, "title");
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}: a drawing of the steps beside it">${heads.join("")}${arrows.join("")}</svg>`;
}

/** Puts the drawing beside each list of steps. @param {string} html */
export const withDrawings = (html) =>
  html.replace(/<ol class="sequence".*?<\/ol>/gs, (list) => {
    const words = list.replace(/<ol [^>]*>/, "<ol>").replaceAll(/<li [^>]*>/g, "<li>");
    return `<figure class="sequence"><figcaption>${escaped(attribute(list, "title"))}</figcaption><div>${drawing(list)}${words}</div></figure>`;
  });
