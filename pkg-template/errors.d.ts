/**
 * Refusals alone, for code that recognises them and verifies nothing: under 3 KB, no module. Their sentences come with
 * `handstamp`, or with `import "handstamp/words"`; without, `message` and `details.says` have the code.
 */

/** The package's version. */
export { version } from "./catalogue.js";
/** The class of refusals, as in `handstamp`. */
export { HandstampError } from "./index.js";
/** The codes, as in `handstamp`. */
export type { ErrorCode, PublicReason, WarningCode } from "./catalogue.js";
