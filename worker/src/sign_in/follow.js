// Steps of the core: a stage says what it needs, the worker fetches or computes it, the stage goes on.

import { perform } from "../outgoing/fetcher.js";
import { Share } from "../outgoing/share.js";
import { bounds, oauth } from "../platform/handstamp.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Trace } from "../platform/trace.js" */
/** @import { ComputingStep } from "../../../pkg/dist/oauth.js" */
/** @import { CoreAnswer, CoreRequest, Env } from "../types.d.ts" */

/** A login needs at most fifteen requests and five operations; more would be a fault of ours. */
const ROUNDS = 20;

/**
 * Looks on at what a stage asks for.
 * @typedef {object} Observer
 * @property {(one: Fetched) => void} seen
 * @property {true} [test] nothing is taken from a copy: somebody wants to know how the servers are now
 */

/** @typedef {{ request: CoreRequest, answer: CoreAnswer, fetchedAt: number, ms: number }} Fetched of what is kept by an object, since when (seconds); how long it took (0 for a copy) */

/**
 * @template Done
 * @template {{ account: object }} Input
 * @param {Env} env
 * @param {Configuration} config
 * @param {ComputingStep<Done, Input>} first
 * @param {(resume: any, answer: any) => ComputingStep<Done, Input>} stage
 * @param {Trace} [trace]
 * @param {Observer} [observer]
 * @returns {Promise<Done>}
 */
export async function follow(env, config, first, stage, trace, observer) {
  let step = first;
  const share = first.resume && new Share("sign-in", nameOf(first.resume));
  try {
    for (let round = 0; (step.request || step.operation) && round < ROUNDS; round += 1) {
      if (step.request) {
        const request = observer?.test ? { ...step.request, test: true } : step.request;
        const { answer, ...rest } = await answerTo(env, config, nameOf(step.resume), request, { share, trace });
        observer?.seen({ request, answer, ...rest });
        step = stage(step.resume, answer);
      } else step = stage(step.resume, await oauth.compute(step.operation));
    }
  } finally {
    // Until the end: a stage is given all answers so far.
    share?.close();
  }
  if (step.request || step.operation) throw new Error("a stage did not end");
  return step.done;
}

/** The account that a stage is for: its document is in the input. @param {{ account: object }} input */
const nameOf = ({ account }) => String(/** @type {{ account?: unknown }} */ (account).account);

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} account
 * @param {CoreRequest} request
 * @param {{ share?: Share, trace?: Trace }} of share: what the answers count to
 * @returns {Promise<{ answer: CoreAnswer, fetchedAt: number, ms: number }>}
 */
async function answerTo(env, config, account, request, of) {
  if (request.purpose === "keySet" || request.purpose === "discovery") return readKept(env, config, account, request);
  const began = Date.now();
  return { answer: await perform(request, config, of), fetchedAt: 0, ms: Date.now() - began };
}

/**
 * A key set or an identity provider's metadata, through the object that holds it, and when it was fetched (seconds). Two
 * accounts that differ in the issuer of one URL, or in their patience, have an object each, so that neither one's mistake
 * is the other's.
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} account whose document or identity provider names the URL
 * @param {CoreRequest} request
 * @param {number} [now] milliseconds
 */
export async function readKept(env, config, account, request, now = Date.now()) {
  const { url, issuer, timeout = bounds.TIMEOUT_SECONDS } = request;
  const apart = [...(issuer === undefined ? [] : [issuer]), ...(timeout === bounds.TIMEOUT_SECONDS ? [] : [`${timeout} s`])];
  const name = await objectName(config, "key_set", url, ...apart);
  return objectNamed(config, env.KEY_SET, name).read(request, now, account);
}
