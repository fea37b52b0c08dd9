// Makes elements from data. Values arrive as properties and text, never as markup or inline style: the page's
// policy forbids both, and texts of others could not be trusted with either.

/**
 * @param {string} name @param {Record<string, any>} [properties] null and false leave a property out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && key !== "list") /** @type {any} */ (node)[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Shapes in a box of 24 by 24. @type {Record<string, string[]>} */
const SHAPES = {
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  lock: ["M7 11V8a5 5 0 0 1 10 0v3", "M5.5 11h13v9h-13z"],
  back: ["M14.5 5.5L8 12l6.5 6.5"],
  away: ["M12 7v6", "M12 16.5v.5"],
};

/** A picture that says nothing to a screen reader. @param {keyof typeof SHAPES} shape */
export function icon(shape) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${shape}`);
  for (const line of SHAPES[shape]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** The stamp of the last screen: two rings and a check. */
export function stamp() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 120 120");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "stamp");
  for (const [radius, name] of [[54, "stamp-edge"], [45, "stamp-ring"]]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("cx", "60");
    circle.setAttribute("cy", "60");
    circle.setAttribute("r", String(radius));
    circle.setAttribute("class", String(name));
    svg.append(circle);
  }
  const check = document.createElementNS(SVG, "path");
  check.setAttribute("d", "M38 62l15 15 30-33");
  check.setAttribute("class", "stamp-check");
  svg.append(check);
  return svg;
}
