// Options of a test that repeats a walk in another language, on another device, for every algorithm or for one more identity
// provider, or that measures a rate: minutes, so that they run in `cargo xtask test --thorough` only.

export const REPEATS = { skip: process.env.HANDSTAMP_THOROUGH ? false : "in cargo xtask test --thorough" };
