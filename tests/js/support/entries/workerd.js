// A Worker as a customer would write it: the verifier stands at module scope.

import { createVerifier } from "../../../../pkg/dist/workerd.js";
import { keySet, open, seal } from "../../../../pkg/dist/oauth.workerd.js";

const SECRET = "a-shared-secret-of-64-bytes-for-tests-only-0123456789-0123456789";
const verifier = createVerifier({ verify: { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" } });
const ring = { environment: "test", keys: [{ kid: "k1", key: "A".repeat(43), status: /** @type {const} */ ("active") }] };

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      const token = await request.text();
      const { admitSync } = await verifier;
      const admission = admitSync.call(await verifier, token, { campaignId: "123456" });
      const sealed = seal("secret", ring, "acme", admission.subject);
      const { decision } = keySet.next(null, { type: "need" });
      return Response.json({ admission, opened: open("secret", ring, "acme", sealed), decision });
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      return Response.json({ code, message }, { status: 401 });
    }
  },
};
