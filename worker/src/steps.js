// Steps of the core: a stage says what it needs, the worker fetches it, the stage goes on.

import { perform } from "./fetcher.js";
import { objectName } from "./names.js";

/** @import { Configuration } from "./configuration.js" */
/** @import { Step } from "../../pkg/dist/oauth.js" */
/** @import { CoreAnswer, CoreRequest, Env } from "./types.d.ts" */

/** A login needs at most five requests; more would be a fault of ours. */
const ROUNDS = 10;

/**
 * @template Done, Input
 * @param {Env} env
 * @param {Configuration} config
 * @param {Step<Done, Input>} first
 * @param {(resume: any, answer: CoreAnswer) => Step<Done, Input>} stage
 * @returns {Promise<Done>}
 */
export async function follow(env, config, first, stage) {
  let step = first;
  for (let round = 0; step.request && round < ROUNDS; round += 1) {
    step = stage(step.resume, await answerTo(env, config, step.request));
  }
  if (step.request) throw new Error("a stage did not end");
  return step.done;
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {CoreRequest} request
 * @returns {Promise<CoreAnswer>}
 */
export async function answerTo(env, config, request) {
  if (request.purpose !== "keySet" && request.purpose !== "discovery") return perform(request, config);
  const name = await objectName(config, "key_set", request.url);
  return env.KEY_SET.get(env.KEY_SET.idFromName(name)).read(request, Date.now());
}
