// The contrast of a colour with the page it stands on, as WCAG 2.2 defines "contrast ratio" and "relative luminance". What is
// enough is the service's rule.

/** Grounds of the campaign's page, light and dark. */
export const [LIGHT_PAGE, DARK_PAGE] = ["#fbfaf6", "#1a1b23"];

/** @param {string} colour such as #1d2fdb */
function luminance(colour) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
export function contrast(one, other) {
  const [less, more] = [luminance(one), luminance(other)].sort((dark, light) => dark - light);
  return (more + 0.05) / (less + 0.05);
}
