// What the small module offers to `verify-module.js`, for who loads it without this package's entries. Addresses and
// lengths are bytes in its memory; a call that can refuse returns 0, or 1 more than the place of the code in the catalogue.
export const memory: WebAssembly.Memory;
export const room: (bytes: number) => number;
export const answer: () => number;
export const length: () => number;
export const prepare: (bytes: number) => number;
export const handle: () => number;
export const verify: (handle: number, bytes: number, now: number) => number;
export const addresses: (handle: number) => number;
export const install: (handle: number, index: number, bytes: number) => number;
export const event: (handle: number, code: number, bytes: number, now: number) => number;
export const step: (handle: number, index: number, event: number, bytes: number, now: number) => number;
export const fresh: (handle: number, index: number) => number;
export const forget: (handle: number, index: number) => void;
export const prepare_look: (bytes: number) => number;
export const look: (bytes: number, now: number) => number;
export const release: (handle: number) => void;
