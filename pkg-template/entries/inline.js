// The package for browsers and bundlers without settings: the module is inlined.

import { createApi } from "../api/api.js";
import { host } from "../host/host-inline.js";

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
