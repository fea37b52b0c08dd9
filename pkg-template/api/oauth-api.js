// OAuth2 and OpenID over any host. A stage is a pure function of its input, the time and the answers so far:
// it returns `{ done }`, or `{ request, resume }` for the host to perform and go on with, or `{ operation, resume }`
// for its WebCrypto. Randomness and the clock are put into the input here, so that the stage can be repeated with the
// same result.

import { toBase64url } from "../loading/base64.js";
import { perform } from "../outgoing/perform.js";
import { refusing } from "../loading/error.js";
import { invalid, json, object, options as optional, seconds, text } from "../refusals/input.js";
import { WebCrypto, abilities } from "../host/webcrypto.js";
import { admission as shape } from "./results.js";

/** @import * as Types from "../oauth.js" */
/** @import { AccountsModule } from "./api.js" */

/** @param {import("./api.js").Host} host */
export function createOauth(host) {
  const webCrypto = new WebCrypto();
  const module = () => /** @type {AccountsModule} */ (host.module());

  /**
   * Runs a stage once: at first with the caller's input, later with what it returned as `resume`.
   * @param {(module: AccountsModule, input: string) => string} run
   * @param {(input: Record<string, unknown>) => Record<string, unknown>} complete
   */
  const stage = (run, complete) => (/** @type {unknown} */ given, /** @type {unknown} */ answer) => {
    const input = complete(object(given, "input"));
    const [answers, computed] = [list(input, "answers"), list(input, "computed")];
    if (answer !== undefined) {
      const news = object(answer, "answer");
      ("id" in news ? computed : answers).push(news);
    }
    const resume = { ...input, answers, ...(computed.length > 0 && { computed }) };
    const helped = input.webCrypto === true ? { ...resume, host: abilities(computed) } : resume;
    const step = JSON.parse(refusing(() => run(module(), json(helped, "input"))));
    return step.done === undefined ? { ...step, resume } : step;
  };

  /** @param {Record<string, unknown>} input */
  const timed = (input) => ({ ...input, now: seconds(input.now) });

  const start = stage(
    (module, input) => module.oauthStart(input),
    (input) => ({ ...timed(input), entropy: input.entropy ?? toBase64url(random(64)) }),
  );

  /** @type {typeof Types.returnPage} */
  const returnPage = (input) => JSON.parse(refusing(() => module().oauthReturnPage(json(object(input, "input"), "input"))));

  /** @type {typeof Types.redirectUri} */
  const redirectUri = (input) => JSON.parse(refusing(() => module().oauthRedirectUri(json(object(input, "input"), "input"))));

  const callback = stage((module, input) => module.oauthCallback(input), timed);

  const redeem = stage((module, input) => module.oauthRedeem(input), timed);

  const fetchProfile = stage((module, input) => module.oauthFetchProfile(input), timed);

  /** @type {typeof Types.complete} */
  const complete = (input) => {
    const given = object(input, "input");
    // Hidden, and so left out of the JSON.
    const { provenance } = object(given.admission, "input.admission");
    return shape(refusing(() => module().oauthComplete(json({ ...given, provenance }, "input"))));
  };

  /** @type {typeof Types.compute} */
  const compute = (operation) => webCrypto.answer(/** @type {any} */ (object(operation, "operation")));

  /** @type {typeof Types.createRing} */
  const createRing = (environment, options) => {
    const { kid, now } = optional(options);
    const since = seconds(now);
    const name = kid === undefined ? new Date(since * 1000).toISOString().slice(0, 10) : text(kid, "options.kid");
    return { environment: text(environment, "environment"), keys: [{ kid: name, key: toBase64url(random(32)), status: "active", since }] };
  };

  /** @type {typeof Types.peekPlace} */
  const peekPlace = (ring, query) => {
    const keys = json(object(ring, "ring"), "ring");
    return JSON.parse(refusing(() => module().peekState(keys, text(query, "query"))));
  };

  /** @type {typeof Types.peekState} */
  const peekState = (ring, query) => ({ account: peekPlace(ring, query).account });

  /** @type {typeof Types.seal} */
  const seal = (purpose, ring, account, value) => {
    const [keys, content] = [json(object(ring, "ring"), "ring"), json(value, "value")];
    const salt = random(16);
    return refusing(() => module().seal(text(purpose, "purpose"), keys, text(account, "account"), content, salt));
  };

  /** @type {typeof Types.open} */
  const open = (purpose, ring, account, sealed) => {
    const keys = json(object(ring, "ring"), "ring");
    const [name, whose, what] = [text(purpose, "purpose"), text(account, "account"), text(sealed, "sealed")];
    return JSON.parse(refusing(() => module().open(name, keys, whose, what)));
  };

  /** @type {typeof Types.sealState} */
  const sealState = (ring, state) => seal("state", ring, "*", state);

  /** @type {typeof Types.openState} */
  const openState = (ring, sealed) => open("state", ring, "*", sealed);

  /** @type {typeof Types.issueTicket} */
  const issueTicket = (ring, sid) => {
    const keys = json(object(ring, "ring"), "ring");
    return refusing(() => module().issueTicket(keys, text(sid, "sid")));
  };

  /** @type {typeof Types.openTicket} */
  const openTicket = (ring, ticket) => {
    const keys = json(object(ring, "ring"), "ring");
    return { sid: refusing(() => module().openTicket(keys, text(ticket, "ticket"))) };
  };

  /** @type {typeof Types.checkKeys} */
  const checkKeys = (input) => {
    refusing(() => module().oauthCheckKeys(json(object(input, "input"), "input")));
  };

  /** @type {typeof Types.issuePass} */
  const issuePass = (ring, admission, terms) => {
    const [given, { account, technique, limits, now }] = [object(admission, "admission"), object(terms, "terms")];
    const keys = json(object(ring, "ring"), "ring");
    // The hidden members of an admission go along: what it rests on, and whether it waits for a profile.
    const { needsProfile, profileBinds, provenance } = given;
    const whole = json({ ...given, needsProfile, profileBinds, provenance }, "admission");
    const [whose, how] = [text(account, "terms.account"), text(technique, "terms.technique")];
    return refusing(() => module().issuePass(keys, whole, whose, how, limits !== "off", seconds(now), random(16)));
  };

  /** @type {typeof Types.issuePreview} */
  const issuePreview = (ring, preview) => {
    const [keys, input] = [json(object(ring, "ring"), "ring"), object(preview, "preview")];
    const whole = json({ ...timed(input), id: input.id ?? toBase64url(random(16)) }, "preview");
    return refusing(() => module().issuePreview(keys, whole, random(16)));
  };

  /** @type {typeof Types.asPreview} */
  const asPreview = (ring, account, sealed) => {
    const keys = json(object(ring, "ring"), "ring");
    return refusing(() => module().asPreview(keys, text(account, "account"), text(sealed, "sealed"), random(16)));
  };

  /** @type {typeof Types.sealPass} */
  const sealPass = (ring, pass) => {
    const [keys, content] = [json(object(ring, "ring"), "ring"), json(object(pass, "pass"), "pass")];
    return refusing(() => module().sealPass(keys, content, random(16)));
  };

  /** @type {typeof Types.openPass} */
  const openPass = (ring, account, sealed, options) => {
    const keys = json(object(ring, "ring"), "ring");
    const { now, expired } = optional(options);
    const moment = expired === true ? undefined : seconds(now);
    const [whose, what] = [text(account, "account"), text(sealed, "sealed")];
    return JSON.parse(refusing(() => module().openPass(keys, whose, what, moment)));
  };

  /** @type {typeof Types.keySet} */
  const keySet = {
    next(cache, event, now) {
      const [entry, news] = [json(cache ?? null, "cache"), json(object(event, "event"), "event")];
      return JSON.parse(refusing(() => module().keySetNext(entry, news, seconds(now))));
    },
    judge(set, algs) {
      const names = json(algs ?? null, "algs");
      return JSON.parse(refusing(() => module().keySetJudge(text(set, "text"), names)));
    },
  };

  return {
    start: /** @type {typeof Types.start} */ (/** @type {unknown} */ (start)),
    callback: /** @type {typeof Types.callback} */ (/** @type {unknown} */ (callback)),
    redeem: /** @type {typeof Types.redeem} */ (/** @type {unknown} */ (redeem)),
    fetchProfile: /** @type {typeof Types.fetchProfile} */ (/** @type {unknown} */ (fetchProfile)),
    complete, returnPage, redirectUri, compute, perform, createRing, checkKeys, peekPlace, peekState, seal, open, sealState, openState, issueTicket, openTicket, issuePass, issuePreview, asPreview, sealPass, openPass, keySet, init: host.init,
  };
}

/** What came of a stage so far, to be added to. @param {Record<string, unknown>} input @param {string} name @returns {unknown[]} */
function list(input, name) {
  const before = input[name] ?? [];
  if (!Array.isArray(before)) throw invalid(`input.${name}`, "an array", before);
  return [...before];
}

/** @param {number} length */
function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
