// Pages of the customer's second site, each with a body, scripts and a policy of its own, and the tag in it.

import assert from "node:assert/strict";
import { listen } from "../../../../demo/addresses.mjs";
import { claimsFor, signShared } from "../../../../demo/site/tokens.mjs";
import { openEverything } from "./visit.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../../../../pkg/dist/tag.js").Campaign} Campaign the tag, with `window.handstamp` */
/**
 * @typedef {object} HostPage
 * @property {string} [body]
 * @property {string} [script] an inline script before the tag
 * @property {string} [head]
 * @property {string} [path]
 * @property {string} [policy] a content security policy
 * @property {string} [tag] in the place of the tag's script
 * @property {string} [nonce] of the inline script and the tag's
 * @property {Parameters<Awaited<ReturnType<typeof openEverything>>["visitor"]>[0]} [visitor] who comes
 * @property {(visit: { context: import("playwright-core").BrowserContext, page: Page }) => unknown} [prepare] runs before
 *   the page begins, for a test that listens from its first moment on
 */

export const CONTAINER = '<div id="box" data-handstamp-account="demo" data-handstamp-campaign="100001"></div>';

/** A container with more attributes. @param {Record<string, string>} attributes without data-handstamp- */
export const container = (attributes) =>
  CONTAINER.replace("></div>", `${Object.entries(attributes).map(([name, value]) => ` data-handstamp-${name}="${value}"`).join("")}></div>`);

const EVENTS = ["ready", "admitted", "refused", "prefilled", "submitted", "expired", "looked", "error", "warning", "login"];

export async function openHostPages() {
  const [all, second] = await Promise.all([openEverything(), listen(0)]);
  const site = `http://localhost:${second.port}`;
  const { worker } = all.demo.addresses;
  const { operator } = all.demo;
  const { body } = await operator.call("GET", "/v1/accounts/demo");
  const { document } = body;
  document.origins.push(site);
  assert.equal((await operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
  let answer = { html: "", policy: /** @type {string | undefined} */ (undefined) };
  second.answerWith((request, response) => {
    if (request.url === "/favicon.ico") return void response.writeHead(204).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...(answer.policy && { "content-security-policy": answer.policy }) });
    response.end(answer.html);
  });

  return {
    all,
    site,
    worker,
    document,
    /** @param {Record<string, unknown>} [claims] */
    mint: (claims = {}, campaignId = "100001") => signShared(claimsFor(campaignId, claims), all.demo.secrets.tokenKey),
    /** @param {HostPage} page */
    async hostPage({ body = CONTAINER, head = "", script = "", path = "/host", policy, tag, nonce, visitor, prepare }) {
      const visit = await all.visitor(visitor);
      await prepare?.(visit);
      const once = nonce ? ` nonce="${nonce}"` : "";
      const html = `<!doctype html><html lang="en"><head><title>Host</title>${head}<script${once}>window.seen = [];
        for (const name of ${JSON.stringify(EVENTS)})
          document.addEventListener("handstamp:" + name, (event) => seen.push({ name, ...event.detail }));
        window.violations = [];
        addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
        </script></head><body>${body}<script${once}>${script}</script>${tag ?? `<script${once} async src="${worker}/tag.js"></script>`}</body></html>`;
      answer = { html, policy };
      await visit.page.goto(site + path);
      return { ...visit, screen: visit.page.frameLocator("#box iframe") };
    },
    async close() {
      await second.close();
      await all.close();
    },
  };
}

/** The first event of that name. @param {Page} page @param {string} name @returns {Promise<any>} */
export async function event(page, name) {
  await page.waitForFunction((wanted) => /** @type {any} */ (window).seen.some((/** @type {any} */ one) => one.name === wanted), name);
  return page.evaluate((wanted) => /** @type {any} */ (window).seen.find((/** @type {any} */ one) => one.name === wanted), name);
}
