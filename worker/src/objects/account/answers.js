// The calls of an account's object that one of its tables answers by itself: the name of the call, the table, and its method.

/** @import { Account } from "./account.js" */

/** Answered as they come. */
const ASKED = /** @type {const} */ ({
  source: ["documents", "read"],
  campaignIds: ["documents", "campaignIds"],
  secretNames: ["secrets", "list"],
  wrappedSecrets: ["secrets", "wrapped"],
  clients: ["clientele", "list"],
  client: ["clientele", "read"],
  tradeConnection: ["connections", "trade"],
  inConnection: ["connections", "isOpen"],
  keepTrial: ["trials", "keep"],
  trial: ["trials", "read"],
  invited: ["people", "invited"],
  passkey: ["people", "passkey"],
  session: ["people", "session"],
  signOutPerson: ["people", "signOut"],
  consolePeople: ["people", "list"],
  keySightings: ["sightings", "list"],
  keyWarnings: ["warnings", "list"],
  toldWarning: ["warnings", "tell"],
  refusal: ["refusals", "read"],
  refusalList: ["refusals", "list"],
  refusalCounts: ["refusals", "counts"],
  refusalCauses: ["tallies", "causes"],
  tally: ["tallies", "add"],
  tallied: ["tallies", "read"],
  firstOpened: ["tallies", "firstOpened"],
  trail: ["trails", "look"],
  sayOnTrail: ["trails", "add"],
  deadLetters: ["letters", "list"],
  dropDeadLetters: ["letters", "drop"],
  // Only asked of the operators' object.
  secretHolders: ["holders", "list"],
  dueEndings: ["endings", "due"],
  isNameTaken: ["endings", "isTaken"],
  keyRound: ["rounds", "place"],
  warnedAccounts: ["rounds", "warned"],
  claimKeys: ["signers", "claim"],
});

/** Answered once it is on disk. */
const STORED = /** @type {const} */ ({
  reseal: ["secrets", "reseal"],
  signInPerson: ["people", "signIn"],
  deadLetter: ["letters", "add"],
  // Only asked of the operators' object.
  noteSecretHolder: ["holders", "note"],
  noteEnding: ["endings", "note"],
  dropEnding: ["endings", "drop"],
  goRound: ["rounds", "go"],
});

/** The calls as others see them. @typedef {Asked & Stored} Answers */
/** @typedef {{ [C in keyof typeof ASKED]: Method<(typeof ASKED)[C][0], (typeof ASKED)[C][1]> }} Asked */
/** @typedef {{ [C in keyof typeof STORED]: Waiting<Method<(typeof STORED)[C][0], (typeof STORED)[C][1]>> }} Stored */
/** @template {keyof Account} T @template {string} M @typedef {M extends keyof Account[T] ? Account[T][M] : never} Method */
/** @template F @typedef {F extends (...of: infer A) => infer R ? (...of: A) => Promise<R> : never} Waiting */

/** Puts the calls on the class, where the runtime looks for them. @param {any} account its prototype */
export function answerBy(account) {
  for (const [call, [table, method]] of Object.entries(ASKED))
    account[call] = function (/** @type {unknown[]} */ ...of) {
      return this[table][method](...of);
    };
  for (const [call, [table, method]] of Object.entries(STORED))
    account[call] = function (/** @type {unknown[]} */ ...of) {
      return this.changes.stored(() => this[table][method](...of));
    };
}
