// Every way in which our reading of a token is known to differ from another library's, and why ours is as it is.
// A row holds for named faults and codes only, so that a new disagreement is never taken for an old one.

/** @typedef {import("./tokens.mjs").Item} Item */
/** @typedef {import("./readers.mjs").Reading} Reading */
/** @typedef {{ codes: string[], faults: RegExp, why: string }} Row */

const ALL = /^(header|claims|jwe|text):/;

/** What we refuse and another accepts: our code, the faults it may stand for, the reason. @type {Row[]} */
const WE_REFUSE = [
  {
    codes: ["json_duplicate_member"],
    faults: /duplicate/,
    why: "a name that stands twice: readers would differ on its value (RFC 7515 section 4, RFC 7519 section 4)",
  },
  {
    codes: ["json_not_utf8", "json_syntax"],
    faults: /byte order mark|not UTF-8|UTF-16/,
    why: "text that is not UTF-8, or begins with a byte order mark (RFC 8259 section 8.1, RFC 8725 section 3.7)",
  },
  {
    codes: ["json_syntax"],
    faults: /lone surrogate/,
    why: "half of a surrogate pair: no text at all (RFC 7493 section 2.1)",
  },
  { codes: ["json_syntax"], faults: /Infinity|NaN/, why: "a word that JSON does not have (RFC 8259 section 6)" },
  {
    codes: ["json_number_range"],
    faults: /1e400|number of \d|digits/,
    why: "a number outside a double, or of more than 64 characters (bounds)",
  },
  {
    codes: ["json_too_deep", "json_too_many_members", "header_too_large", "token_too_large"],
    faults: /levels|members|KiB/,
    why: "more than a token ever needs: 16 levels, 256 members, 2 KiB of header, 16 KiB in all (bounds)",
  },
  {
    codes: ["json_not_object"],
    faults: /^claims: (an array|a string|null)$/,
    why: "claims that are no object (RFC 7519 section 7.2)",
  },
  {
    codes: ["claim_type"],
    faults: /^claims: (exp|nbf|iat|iss) (as|is|null|true|negative)/,
    why: "a registered claim of another type (RFC 7519 section 4.1)",
  },
  {
    codes: ["exp_looks_like_milliseconds"],
    faults: /^claims: exp (in milliseconds|of 1e300)$/,
    why: "an expiry far in the year 5138 or later: milliseconds, the commonest mistake with times",
  },
  {
    codes: ["exp_before_iat", "iat_in_future"],
    faults: /^claims: iat/,
    why: "issued in the future, or after its own expiry: a wrong clock or a forgery",
  },
  {
    codes: ["crit_unsupported", "b64_unsupported"],
    faults: /crit|b64/,
    why: "an extension that we do not have, or `crit` that breaks its own rules (RFC 7515 section 4.1.11, RFC 7797 section 6)",
  },
  { codes: ["zip_refused"], faults: /zip/, why: "compression, refused by name wherever it stands (RFC 8725 section 3.6)" },
  {
    codes: ["kid_invalid", "header_invalid"],
    faults: /^header: (kid|typ|cty) /,
    why: "`kid`, `typ` or `cty` that is no text, or no usable name (RFC 7515 section 4.1, RFC 8725 section 3.10)",
  },
  {
    codes: ["token_padding", "token_whitespace", "token_trailing_bits", "token_characters"],
    faults: /^text:/,
    why: "another spelling of the same bytes: padding, white space, the standard alphabet, unused bits that are not zero (RFC 7515 section 2)",
  },
  {
    codes: ["decryption_failed"],
    faults: /^jwe: IV of/,
    why: "AES-GCM with an IV that is not of 96 bits (RFC 7518 section 5.3)",
  },
];

/** What we accept and another refuses: the faults, the reason. */
const WE_ACCEPT = [
  {
    faults: /^claims: (sub|jti|aud) is a number$/,
    whose: ["PyJWT", "jwcrypto"],
    why: "`verify` looks at the claims that the settings ask for; `admit` refuses such a `sub` and `jti`, and an `aud` that is asked for",
  },
];

/**
 * Why two readings differ; nothing if nobody knows.
 * @param {Item} item @param {Reading} ours @param {Reading} theirs @param {string} who
 */
export function explain({ fault }, ours, theirs, who) {
  if (ours.accepted && theirs.accepted) return undefined;
  if (ours.accepted) return WE_ACCEPT.find((row) => row.faults.test(fault) && row.whose.includes(who))?.why;
  return WE_REFUSE.find((row) => row.codes.includes(ours.what) && ALL.test(fault) && row.faults.test(fault))?.why;
}
