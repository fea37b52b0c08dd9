/*
 * The tag for pages that hold the published snippet of an older one: a queue `_qual_async` with the commands
 * createIframe(container, host, kind, channel, width, height, "", "", "", style) and setMetaData(name, value).
 * In the place of the older tag's address it is given this script's. Which campaign is meant, say the container's
 * data-handstamp-account and data-handstamp-campaign; without them the account is the first part of the host's
 * name, and the campaign has the channel's id without its dashes.
 */

import { create, isOfPage } from "./tag.js";

const page = /** @type {any} */ (window);
/** What setMetaData said so far. @type {Record<string, string>} */
const meta = {};
/** The campaigns with the account of each. @type {[string, ReturnType<typeof create>][]} */
const shown = [];

/** @type {Record<string, (...values: any[]) => void>} */
const commands = {
  createIframe(id, host, _kind, channel, width, height, _eighth, _ninth, _tenth, style) {
    const box = document.getElementById(id);
    if (box) {
      box.style.cssText += `;width:${size(width)};${style || ""}`;
      const { handstampAccount: account = String(host).split(".")[0], handstampCampaign: campaign = String(channel).replaceAll("-", "") } = box.dataset;
      shown.push([account, create(box, { account, campaign, height: parseInt(height, 10), token: isOfPage("", account) ? meta.token : "" })]);
    } else create(id);
  },
  /** One value by its name, or an object of them; of these the tag knows `token`. */
  setMetaData(name, value) {
    Object.assign(meta, typeof name === "object" ? name : { [name]: value });
    if (meta.token) shown.forEach(([account, campaign]) => isOfPage("", account) && campaign.token(meta.token));
  },
};

/** "100%" or "600px" as they are, a number as pixels. @param {unknown} value */
const size = (value) => (/^\d+$/.test(String(value)) ? `${value}px` : String(value || "100%"));

/** @param {any[]} command */
function push([name, ...values]) {
  commands[name]?.(...values);
}

/** Does what the page queued; what it pushes later is done at once. */
function start() {
  const queue = page._qual_async;
  page._qual_async = { push };
  // One that fails is an error of its own, which the console shows, and keeps no other from its turn.
  if (Array.isArray(queue)) queue.map(async (command) => push(command));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
