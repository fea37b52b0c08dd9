// How a login is asked for: pushed requests (RFC 9126), and how long ago the person may have been asked.

import * as fault from "./faults.mjs";
import { CLIENT_ID, CLIENT_SECRET } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const metadata = (/** @type {string} */ issuer) => ({ pushed_authorization_request_endpoint: `${issuer}/par` });
const required = (/** @type {string} */ issuer) => ({ ...metadata(issuer), require_pushed_authorization_requests: true });
const seconds = () => Math.floor(Date.now() / 1000);

/** @param {string} name @param {string} expected @param {Partial<Situation>} more @returns {Situation} */
const pushed = (name, expected, more) => ({ name: `par-${name}`, from: "RFC 9126", expected, metadata, oauth: { par: true }, ...more });
/** Refused before there is a login page. @param {string} name @param {string} expected @param {Partial<Situation>} more */
const failing = (name, expected, more) => pushed(name, expected, { requests: { authorization: 0, token: 0 }, ...more });

/** @type {Situation[]} */
export const requests = [
  pushed("asked-for", "allowed", { requests: { pushed: 1 }, authorized: { response_type: "code", code_challenge_method: "S256", client_id: CLIENT_ID } }),
  pushed("required", "allowed", { oauth: {}, metadata: required, requests: { pushed: 1 } }),
  pushed("offered", "allowed", { oauth: {}, requests: { pushed: 0 } }),
  pushed("explicit", "allowed", {
    metadata: undefined,
    oauth: (issuer) => ({ endpoints: { pushedAuthorization: `${issuer}/push/here` } }),
    paths: { "/push/here": "pushed" },
    requests: { pushed: 1 },
  }),
  pushed("post", "allowed", {
    oauth: { par: true, clientAuth: { method: "client_secret_post", secret: { secret: "OIDC_CLIENT" } } },
    isClient: (form, authorization) => !authorization && form.getAll("client_id").join() === CLIENT_ID && form.get("client_secret") === CLIENT_SECRET,
  }),
  pushed("public", "allowed", {
    oauth: { par: true, clientAuth: { method: "none" }, sendsIss: true },
    isClient: (form, authorization) => !authorization && form.get("client_id") === CLIENT_ID && !form.has("client_secret"),
  }),
  pushed("200", "allowed", { faults: {}, types: { pushed: "application/json; charset=utf-8" } }),
  failing("no-endpoint", "discovery_invalid", { metadata: undefined }),
  failing("other-client", "par_refused", { got: /^invalid_client$/, isClient: () => false }),
  failing("refused", "par_refused", { got: /^invalid_redirect_uri$/, faults: { pushed: fault.json({ error: "invalid_redirect_uri", error_description: "canary" }, 400) } }),
  failing("foreign-word", "par_refused", { got: /^an error without a registered name$/, faults: { pushed: fault.json({ error: "canary-error" }, 400) } }),
  failing("500", "par_failed", { got: /^status 500$/, faults: { pushed: fault.serverError } }),
  failing("html", "par_failed", { got: /^text\/html/, faults: { pushed: fault.html } }),
  failing("redirect", "response_redirected", { faults: { pushed: fault.redirect } }),
  failing("stall", "response_timeout", { faults: { pushed: fault.stall } }),
  failing("huge", "response_too_large", { faults: { pushed: fault.huge } }),
  failing("no-name", "par_invalid", { pushed: { request_uri: undefined } }),
  failing("line-break", "par_invalid", { pushed: { request_uri: "urn:canary\r\nlocation: https://evil.example" } }),
  failing("long-name", "par_invalid", { pushed: { request_uri: `urn:${"x".repeat(600)}` } }),

  { name: "asked-again", from: "auth_time", expected: "allowed", start: { prompt: "login" }, authorized: { prompt: "login" }, idToken: () => ({ auth_time: seconds() }) },
  { name: "asked-again-silent", from: "auth_time", expected: "allowed", start: { prompt: "login" } },
  { name: "not-asked-again", from: "auth_time", expected: "auth_time_too_old", start: { prompt: "login" }, idToken: () => ({ auth_time: seconds() - 7200 }) },
  { name: "asked-long-ago", from: "auth_time", expected: "allowed", idToken: () => ({ auth_time: seconds() - 7200 }) },
  { name: "max-age", from: "auth_time", expected: "allowed", oauth: { maxAge: 3600 }, authorized: { max_age: "3600" }, idToken: () => ({ auth_time: seconds() - 3000 }) },
  { name: "max-age-over", from: "auth_time", expected: "auth_time_too_old", oauth: { maxAge: 3600 }, idToken: () => ({ auth_time: seconds() - 7200 }) },
  { name: "max-age-untold", from: "auth_time", expected: "id_token_invalid", got: /^nothing$/, oauth: { maxAge: 3600 } },
  { name: "max-age-as-text", from: "auth_time", expected: "id_token_invalid", got: /^a string$/, oauth: { maxAge: 3600 }, idToken: () => ({ auth_time: String(seconds()) }) },
];
