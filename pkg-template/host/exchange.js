// A call about a token, from the token in the module's memory to what it says: one crossing in, one out. Where the module
// needs an operation, the call waits in it under a number, and an answer counts for that number alone; nothing comes out
// before.

import { outcome, reply, word } from "../boundary.js";
import { TOKEN_BYTES } from "../bounds.js";
import { HandstampError, refusing } from "../loading/error.js";
import { running } from "../loading/revival.js";
import { bits } from "./webcrypto.js";

/** @typedef {import("../loading/instance.js").Module} Module */
/** @import { Answer, Bytes } from "./webcrypto.js" */
/** @import { Needed, Operations } from "./operations.js" */
/**
 * @template T
 * @typedef {object} Call
 * @property {string} token
 * @property {(length: number, host: number) => number} run in the module: what it has come to
 * @property {(what: number, token: string) => T} read what it says
 * @property {() => unknown} still what it belongs to: after a close() or a trap that is another one
 */

/** The last outcome of a call that has ended: those before it too. */
const ENDED = outcome.refused;
/** Room for a token that is longer than any that is accepted, in the worst spelling. */
const ROOM = 3 * (TOKEN_BYTES + 1);
/** More than any call asks for: a report takes at most 32 operations, and each key to decrypt with may take two. */
const MOST = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The module whose memory is looked at, and which of its instances. @type {Module | undefined} */
let looked;
let made = -1;
/** @type {WebAssembly.Memory} */ let memory;
/** @type {Bytes} */ let bytes;
/** @type {Bytes} */ let room;
/** @type {Uint32Array<ArrayBuffer>} */ let words;
let [roomAt, roomBytes, wordsAt] = [0, 0, 0];

function look() {
  const buffer = /** @type {ArrayBuffer} */ (memory.buffer);
  bytes = new Uint8Array(buffer);
  words = new Uint32Array(buffer);
  room = bytes.subarray(roomAt, roomAt + roomBytes);
}

/** Where so many bytes are written for the module. @param {Module} module @param {number} [length] */
function roomFor(module, length = ROOM) {
  if (made !== running() || looked !== module || roomBytes < length) {
    looked = module;
    roomBytes = length;
    roomAt = refusing(() => module.roomFor(roomBytes));
    memory = module.moduleMemory();
    wordsAt = module.wordsAt() >>> 2;
    made = running();
    look();
  }
  // Memory that has grown is another buffer, and the old one is empty.
  if (room.length === 0) look();
  return room;
}

/** A word that the call has left. @param {number} index */
function said(index) {
  if (words.length === 0) look();
  return /** @type {number} */ (words[wordsAt + index]);
}

/** A view of some bytes that the call has left. @param {number} index @returns {Bytes} */
export function part(index) {
  const at = said(word.parts + 2 * index);
  return bytes.subarray(at, at + said(word.parts + 2 * index + 1));
}

/** Bytes that an operation may take along; where they are taken, it has new ones made. @type {ArrayBuffer | undefined} */
let spare;

/**
 * What an operation is computed with, in views of the module's memory or of a copy, which `giveBack` takes: it lies there in one
 * piece.
 * @param {boolean} copied
 * @returns {[Bytes, Bytes, Bytes]}
 */
function parts(copied) {
  if (!copied) return [part(0), part(1), part(2)];
  const at = said(word.parts);
  const first = said(word.parts + 1);
  const second = first + said(word.parts + 3);
  const length = second + said(word.parts + 5);
  const copy = spare && spare.byteLength >= length ? spare : new ArrayBuffer(length);
  spare = undefined;
  new Uint8Array(copy).set(bytes.subarray(at, at + length));
  return [new Uint8Array(copy, 0, first), new Uint8Array(copy, first, second - first), new Uint8Array(copy, second, length - second)];
}

/** Takes back a copy that nobody reads any more. To make one takes longer than many a signature. @param {[Bytes, Bytes, Bytes]} parts */
function giveBack([{ buffer }]) {
  if (!spare || spare.byteLength < buffer.byteLength) spare = buffer;
}

/** Whether the call has left claims and their source alone. @param {number} what */
export const isPlain = (what) => what === outcome.verified;

/** The text that the call has left. */
export const text = () => decoder.decode(part(0));

/** The number that the call has left. */
export const number = () => said(word.number) + said(word.high) * 2 ** 32;

/**
 * Runs a call that never waits.
 * @template T
 * @param {Module} module
 * @param {Call<T>} call
 * @returns {T}
 */
export function ask(module, call) {
  return ended(begin(module, call, false), call);
}

/**
 * Runs a call with the operations that it needs; at once where that can be: a promise costs more than some signatures.
 * @template T
 * @param {Module} module
 * @param {Call<T>} call
 * @param {() => Operations} keys those that belong to the settings of now
 * @returns {T | Promise<T>}
 */
export function through(module, call, keys) {
  const what = begin(module, call, true);
  return what <= ENDED ? ended(what, call) : goOn(module, call, keys, what);
}

/**
 * @template T
 * @param {Module} module
 * @param {Call<T>} call
 * @param {() => Operations} keys
 * @param {number} what
 * @returns {T | Promise<T>}
 */
function goOn(module, call, keys, what) {
  // The call goes on with the settings that it has begun with, and so with their keys.
  const operations = keys();
  const [owner, instance] = [call.still(), running()];
  let turns = 0;
  /** @param {number} what @returns {T | Promise<T>} */
  const step = (what) => {
    if (what <= ENDED) return ended(what, call);
    if (what === outcome.gone) return through(module, call, keys);
    if (turns++ >= MOST) throw new HandstampError("internal");
    const asked = number();
    return operations.perform(new Asked(module, what, asked), (answer) => {
      if (call.still() === owner) return step(answered(module, asked, answer));
      // Of a verifier that was closed, nothing stays.
      if (running() === instance) refusing(() => module.forgetCall(asked));
      return through(module, call, keys);
    });
  };
  return step(what);
}

/** @param {Module} module @param {Call<unknown>} call @param {boolean} waits */
function begin(module, { token, run }, waits) {
  if (token.length * 3 <= ROOM) {
    const { written } = encoder.encodeInto(token, roomFor(module));
    return refusing(() => run(written, bits(waits)));
  }
  const long = encoder.encode(token);
  roomFor(module, Math.max(long.length, ROOM)).set(long);
  // The room is small again for the next one.
  made = -1;
  return refusing(() => run(long.length, bits(waits)));
}

/** @template T @param {number} what @param {Call<T>} call @returns {T} */
function ended(what, { read, token }) {
  if (what !== outcome.refused) return read(what, token);
  const { code, ...found } = JSON.parse(text());
  throw new HandstampError(code, found);
}

/** @implements {Needed} */
class Asked {
  place = said(word.place);
  /** @type {Module} */ #module;
  #number;

  /** @param {Module} module @param {number} what @param {number} number */
  constructor(module, what, number) {
    this.what = what;
    this.#module = module;
    this.#number = number;
  }

  parts = parts;
  giveBack = giveBack;

  inWords() {
    return JSON.parse(text());
  }

  /** @param {boolean} points */
  parameters(points) {
    return JSON.parse(refusing(() => this.#module.keyParameters(this.#number, points)));
  }

  /** @param {boolean} points */
  secret(points) {
    return /** @type {Bytes} */ (refusing(() => this.#module.keyBytes(this.#number, points)));
  }
}

/** @param {Module} module @param {number} asked @param {Answer} answer */
function answered(module, asked, answer) {
  const there = roomFor(module);
  if (!(answer instanceof Uint8Array)) {
    const given = answer === undefined ? reply.failed : answer ? reply.yes : reply.no;
    return refusing(() => module.hostAnswer(asked, given, 0));
  }
  const fits = answer.length <= there.length;
  if (fits) there.set(answer);
  return refusing(() => module.hostAnswer(asked, fits ? reply.bytes : reply.failed, answer.length));
}
