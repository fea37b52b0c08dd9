// handstamp/errors: refusals alone, without any module and without their sentences.

export { version } from "../codes.js";
export { HandstampError } from "../refusals/refusal.js";
