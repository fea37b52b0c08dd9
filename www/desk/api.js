// Calls of the API: the same routes as programs use, with the session in the place of the access token. Where a change takes
// the passkey again, it is used and the same call is made once more; nothing that was typed is lost on the way.

import { usePasskey } from "./passkeys.js";
import { say } from "./words/speech.js";

export const account = decodeURIComponent(location.pathname.split("/")[2] ?? "").toLowerCase();

/** @typedef {{ id: string, role: string, name: string }} Person */
/** @typedef {{ account: string, person: Person, scope: string[], publicUrl: string, recent: boolean, expiresAt: string }} Session */
/** @typedef {{ path: string, code: string, message: string, reason?: string, values?: Record<string, string> }} Fault */

/** What was refused: the sentence of the service, empty where it did not answer, and where each fault is. */
export class Refused extends Error {
  /** @param {number} status @param {any} problem */
  constructor(status, problem) {
    super(problem.detail ?? "");
    this.status = status;
    this.code = String(problem.code ?? "");
    this.at = problem.at;
    this.expected = problem.expected;
    /** The newest version, where a change was made from an earlier one. @type {{ version?: number, at: string, author?: { kind: string, id: string, name?: string } } | undefined} */
    this.current = problem.current;
    /** @type {Fault[]} */
    this.faults = (problem.faults ?? []).filter((/** @type {unknown} */ fault) => typeof fault === "object");
  }
}

/** @type {(fault: unknown) => Promise<void>} */
let signInAgain = (fault) => Promise.reject(fault);
/** Sets what is done when the session has ended. @param {(fault: unknown) => Promise<void>} done resolves once somebody has signed in, and rejects with the fault where nobody does */
export const whenLost = (done) => void (signInAgain = done);

/** Calls that find the session gone at the same moment wait for one sign-in. @type {Promise<unknown> | undefined} */
let signingIn;
/** @param {() => Promise<unknown>} how */
const onceSignedIn = (how) => (signingIn ??= how().finally(() => (signingIn = undefined)));

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
export async function call(method, path, body, headers) {
  try {
    return await ask(method, path, body, headers);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    if (fault.code === "passkey_again") await onceSignedIn(signIn);
    // Without its cookie a request comes from nobody.
    else if (["session_missing", "unauthorized"].includes(fault.code)) await onceSignedIn(() => signInAgain(new Refused(401, { code: "session_missing", detail: say("signin.ended") })));
    else throw fault;
    return ask(method, path, body, headers);
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] @returns {Promise<any>} */
export async function ask(method, path, body, headers = {}) {
  const answer = await fetch(path, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  if (!answer) throw new Refused(0, {});
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  const content = isJson ? await answer.json().catch(() => ({})) : undefined;
  if (!answer.ok) throw new Refused(answer.status, content ?? {});
  return content;
}

/** Uses a passkey: to sign in, or once more. @returns {Promise<Session>} */
export async function signIn() {
  const { options } = await ask("POST", "/v1/console/challenge", { account });
  return ask("POST", "/v1/console/session", { account, credential: await usePasskey(options) });
}

/** @param {string} rest of a path below the account */
export const own = (rest = "") => `/v1/accounts/${account}${rest}`;
