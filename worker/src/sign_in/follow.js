// Steps of the core: a stage says what it needs, the worker fetches or computes it, the stage goes on.

import { perform } from "../outgoing/fetcher.js";
import { oauth } from "../platform/handstamp.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Trace } from "../platform/trace.js" */
/** @import { ComputingStep } from "../../../pkg/dist/oauth.js" */
/** @import { CoreAnswer, CoreRequest, Env } from "../types.d.ts" */

/** A login needs at most seven requests and three signatures; more would be a fault of ours. */
const ROUNDS = 12;

/**
 * @template Done
 * @template {{ account: object }} Input
 * @param {Env} env
 * @param {Configuration} config
 * @param {ComputingStep<Done, Input>} first
 * @param {(resume: any, answer: any) => ComputingStep<Done, Input>} stage
 * @param {Trace} [trace]
 * @param {(one: { request: CoreRequest, answer: CoreAnswer, fetchedAt: number }) => void} [seen] looks on; of what is kept
 *   by an object, since when (seconds)
 * @returns {Promise<Done>}
 */
export async function follow(env, config, first, stage, trace, seen) {
  let step = first;
  for (let round = 0; (step.request || step.operation) && round < ROUNDS; round += 1) {
    const { request } = step;
    if (request) {
      const { answer, fetchedAt } = isKept(request)
        ? await readKept(env, config, nameOf(step.resume), request)
        : { answer: await perform(request, config, trace), fetchedAt: 0 };
      seen?.({ request, answer, fetchedAt });
      step = stage(step.resume, answer);
    } else step = stage(step.resume, await oauth.compute(step.operation));
  }
  if (step.request || step.operation) throw new Error("a stage did not end");
  return step.done;
}

/** @param {CoreRequest} request */
const isKept = ({ purpose }) => purpose === "keySet" || purpose === "discovery";
/** The account that a stage is for: its document is in the input. @param {{ account: object }} input */
const nameOf = ({ account }) => String(/** @type {{ account?: unknown }} */ (account).account);

/**
 * A key set or an identity provider's metadata, through the object that holds it, and when it was fetched (seconds).
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} account whose document or identity provider names the URL
 * @param {CoreRequest} request
 */
export async function readKept(env, config, account, request) {
  const name = await objectName(config, "key_set", request.url);
  return objectNamed(config, env.KEY_SET, name).read(request, Date.now(), account);
}
