// OAuth2 and OpenID for Node, Deno and Bun.

import { host } from "../host/host-node.js";
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
