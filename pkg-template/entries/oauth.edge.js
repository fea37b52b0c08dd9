// OAuth2 and OpenID for Vercel's edge runtime.

import { host } from "../host/host-edge.js";
import { createOauth } from "../api/oauth-api.js";

export { HandstampError } from "../loading/error.js";
export const {
  init,
  start,
  callback,
  peekState,
  redeem,
  compute,
  returnPage,
  seal,
  open,
  sealState,
  openState,
  issuePass,
  sealPass,
  openPass,
  keySet,
} = createOauth(host);
