// The package for Node, Deno and Bun.

import { createApi } from "../api/api.js";
import { host } from "../host/host-node.js";

export { catalogue, version } from "../catalogue.js";
export { HandstampError } from "../loading/error.js";
export const {
  init,
  createVerifier,
  decide,
  mapProfile,
  parseAccount,
  tokenSettings,
  keyNames,
  nearestName,
  inspect,
  verifyCompact,
  decryptCompact,
  encryptCompact,
  signCompact,
} = createApi(host);
