// Makes an element with text: the page never writes markup.

/**
 * @param {string} name @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 */
export function node(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  for (const child of children) if (child) element.append(child);
  return element;
}
