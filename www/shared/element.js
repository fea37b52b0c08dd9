// Makes elements from data. Values arrive as properties and text, never as markup or inline style: the page's
// policy forbids both, and texts of others could not be trusted with either.

/**
 * Makes an element. A value is a property of it where it has one of that name, else an attribute; `on…` is a listener.
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
  // All at once: a control in a form may be called like a member of it.
  node.append(...children.flatMap((child) => child || []));
  return node;
}

/**
 * Makes a shape of a drawing, or the drawing.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...Node} children
 */
export function shape(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
