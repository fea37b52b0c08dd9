// Dates in words.

/**
 * Returns a formatter that writes the first of a month as French does: 1er décembre, where `Intl` has a plain 1.
 * @param {string | undefined} lang the browser's own without it
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {(moment: Date | number) => string}
 */
export function dateIn(lang, options) {
  const format = new Intl.DateTimeFormat(lang, options);
  const french = /^fr\b/.test(format.resolvedOptions().locale);
  return (moment) => format.formatToParts(moment).map(({ type, value }) => (french && type === "day" && value === "1" ? "1er" : value)).join("");
}
