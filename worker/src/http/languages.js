// The languages that a visitor's browser asks for.

/** Scripts that are written from right to left. */
const RIGHT_TO_LEFT = new Set(["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"]);

/**
 * Returns the languages of an Accept-Language header, the preferred one first (RFC 9110 §12.5.4).
 * @param {string | null} header
 */
export function accepted(header) {
  const wanted = (header ?? "").split(",").map((part) => {
    const [language, weight] = part.split(";");
    return { language: language.trim(), weight: Number(weight?.split("=")[1] ?? 1) };
  });
  return wanted
    .filter(({ language, weight }) => language !== "" && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ language }) => language);
}

/** The language without region and script. @param {string} language */
export const base = (language) => language.split("-")[0].toLowerCase();

/**
 * Returns how a language is written, as the value of HTML's `dir`.
 * @param {string} language a well-formed tag
 */
export function direction(language) {
  return RIGHT_TO_LEFT.has(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr";
}
