/**
 * The sentences of refusals and warnings, for `handstamp/verify` and `handstamp/errors`, which are small without them:
 * `import "handstamp/words"` once. `handstamp` has them.
 */
export {};
