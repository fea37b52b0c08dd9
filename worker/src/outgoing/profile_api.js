// The customer's profile API: asked with the access token that a token carries, and only where the token
// carries no data of its own.

import { isObject } from "../http/body.js";
import { at } from "../platform/pointer.js";
import { bounds } from "../platform/handstamp.js";
import { perform } from "./fetcher.js";
import { Refusal } from "../http/problem.js";
import { Share } from "./share.js";

/** @import { Configuration } from "../platform/configuration.js" */

/**
 * @param {Configuration} config
 * @param {{ url: string, object?: string, subject?: string, account: string, headers?: Record<string, string> }} api headers: further ones, secrets in place
 * @param {string} accessToken
 * @param {string} subject of the token: the profile must be of the same person
 * @param {import("../platform/trace.js").Trace} [trace]
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readProfile(config, api, accessToken, subject, trace) {
  const headers = { ...api.headers, accept: "application/json", authorization: `Bearer ${accessToken}` };
  /** @type {import("../types.d.ts").CoreRequest} */
  const request = { purpose: "profile", method: "GET", url: api.url, headers, refresh: false, bytes: bounds.PROFILE_BYTES };
  const share = new Share("profile", api.account);
  const answer = await perform(request, config, { share, trace }).finally(() => share.close());
  if (answer.failed === "busy") throw new Refusal("servers_busy", { at: "profileApi" });
  if (answer.failed === "encoding") throw new Refusal("response_encoding", { at: "profileApi" });
  if ("failed" in answer) throw new Refusal("profile_unavailable", { got: answer.failed });
  if (answer.status >= 400 && answer.status < 500) throw new Refusal("profile_refused", { got: `status ${answer.status}` });
  if (answer.status !== 200)
    throw new Refusal("profile_unavailable", { expected: "status 200", got: `status ${answer.status}` });
  let whole;
  try {
    whole = JSON.parse(answer.body);
  } catch {
    throw new Refusal("profile_not_object", { expected: "JSON" });
  }
  const profile = at(whole, api.object ?? "");
  if (!isObject(profile)) throw new Refusal("profile_not_object", { at: api.object ?? "" });
  if (api.subject !== undefined) {
    const named = at(whole, api.subject);
    if (typeof named !== "string" && typeof named !== "number")
      throw new Refusal("profile_subject_missing", { at: api.subject });
    if (String(named) !== subject) throw new Refusal("profile_subject_mismatch", { at: api.subject });
  }
  return profile;
}
