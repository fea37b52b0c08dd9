// POST /oauth/callback/{account}: the answer of a login page that posts it (OAuth 2.0 Form Post Response Mode). The same as
// the answer in a query; only an own callback takes it.

import { oauth } from "../../platform/handstamp.js";
import { callback } from "./callback.js";

/** @import { Asked } from "../../types.d.ts" */

/** Finds the account whose sign-in comes back. @param {import("../../types.d.ts").Context} context @param {Record<string, any>} asked */
export const accountOfPostedState = ({ config }, { unread }) => oauth.peekState(config.ring, unread).account;

/** @param {Asked} context */
export function postedCallback(context) {
  const url = new URL(context.url);
  url.search = String(context.body);
  return callback({ ...context, url });
}
