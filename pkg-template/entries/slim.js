// The package for hosts that hand the module to `init(source)` themselves.

import { createApi } from "../api/api.js";
import { host } from "../host/host-slim.js";

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
