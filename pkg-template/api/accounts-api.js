// The API of accounts over any host: the whole of the other one, and documents, forms and participations.

import { createApi } from "./api.js";
import { refusing } from "../loading/error.js";
import { bytes, json, object, options as optional, optionalText, text } from "../refusals/input.js";

/** @import * as Types from "../accounts.js" */
/** @import { AccountsModule } from "./api.js" */

/** @param {import("./api.js").Host} host */
export function createAccounts(host) {
  const module = () => /** @type {AccountsModule} */ (host.module());

  /** @type {typeof Types.parseAccount} */
  const parseAccount = (document, options) => {
    const given = typeof document === "string" ? document : json(object(document, "document"), "document");
    const { development, ownOrigin } = optional(options);
    const own = ownOrigin === undefined ? undefined : text(ownOrigin, "ownOrigin");
    return JSON.parse(refusing(() => module().parseAccount(bytes(given, "document"), development === true, own)));
  };

  /** @type {typeof Types.storedAccount} */
  const storedAccount = (document) => JSON.parse(refusing(() => module().storedAccount(json(object(document, "document"), "document"))));

  /** @type {typeof Types.tokenSettings} */
  const tokenSettings = (document, secrets, campaignId) => {
    const [given, named] = [json(object(document, "document"), "document"), json(object(secrets, "secrets"), "secrets")];
    return JSON.parse(refusing(() => module().tokenSettings(given, named, optionalText(campaignId, "campaignId"))));
  };

  /** @type {typeof Types.keyNames} */
  const keyNames = (document, secrets) => {
    const [given, named] = [json(object(document, "document"), "document"), json(object(secrets, "secrets"), "secrets")];
    return JSON.parse(refusing(() => module().keyNames(given, named)));
  };

  /** @type {typeof Types.secretPlaces} */
  const secretPlaces = (document) => {
    const given = json(object(document, "document"), "document");
    return JSON.parse(refusing(() => module().secretPlaces(given)));
  };

  /** @type {typeof Types.secretPurposes} */
  const secretPurposes = () => JSON.parse(module().secretPurposes());

  /** @type {typeof Types.rotateKeys} */
  const rotateKeys = (document, turn) => {
    const given = json(object(document, "document"), "document");
    return JSON.parse(refusing(() => module().rotateKeys(given, json(object(turn, "turn"), "turn"))));
  };

  /** @type {typeof Types.watchKeys} */
  const watchKeys = (facts) => JSON.parse(refusing(() => module().watchKeys(json(object(facts, "facts"), "facts"))));

  /** @type {typeof Types.nearestName} */
  const nearestName = (name, known) => {
    const list = known.map((each, index) => text(each, `known[${index}]`));
    return refusing(() => module().nearestName(text(name, "name"), list));
  };

  /** @type {typeof Types.certificateEnd} */
  const certificateEnd = (pem) => module().certificateEnd(text(pem, "pem"));

  /** @type {typeof Types.checkForm} */
  const checkForm = (fields, submitted, locked) => {
    const form = json(object(fields, "fields"), "fields");
    const [values, kept] = [json(object(submitted, "submitted"), "submitted"), json(object(locked ?? {}, "locked"), "locked")];
    return JSON.parse(refusing(() => module().checkForm(form, values, kept)));
  };

  const fieldRules = () => JSON.parse(refusing(() => module().fieldRules()));

  /** @type {typeof Types.judgeLimit} */
  const judgeLimit = (facts) => JSON.parse(refusing(() => module().judgeLimit(json(object(facts, "facts"), "facts"))));

  /** @type {typeof Types.judgePeriod} */
  const judgePeriod = (facts) => JSON.parse(refusing(() => module().judgePeriod(json(object(facts, "facts"), "facts"))));

  return {
    ...createApi(host), parseAccount, storedAccount, tokenSettings, keyNames, secretPlaces, secretPurposes, rotateKeys, watchKeys, nearestName, certificateEnd,
    checkForm, fieldRules, judgeLimit, judgePeriod,
  };
}
