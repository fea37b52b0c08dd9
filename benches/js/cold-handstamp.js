// The first request to a worker: verifies one token with us.

import { createVerifier } from "handstamp";
import { settings } from "./settings.js";

export default {
  async fetch(request) {
    const given = await request.json();
    await (await createVerifier(settings(given))).verify(given.token);
    return new Response("verified");
  },
};
