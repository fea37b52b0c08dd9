// Options of a test that repeats a walk in another language, on another device or for every algorithm: minutes of
// Chromium's time, so that they run in `cargo xtask test --thorough` only.

export const REPEATS = { skip: process.env.HANDSTAMP_THOROUGH ? false : "in cargo xtask test --thorough" };
