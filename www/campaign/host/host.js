// Where the campaign stands: in the tag's frame, or in a window of its own. Both look the same from inside.

import { openFrame } from "./frame.js";
import { openWindow } from "./window.js";

/** @typedef {import("../campaign.js").Place} Place */
/** @typedef {{ token: string | null, ticket: string | null, preview: string | null }} Arrival */

/**
 * @typedef {object} Host
 * @property {string} origin of the host page; "" without one
 * @property {"tag" | "minisite" | "link"} kind how the campaign is shown
 * @property {boolean} flows the frame follows the height of its content
 * @property {boolean} isNewVisit neither a reload nor the way back through the history
 * @property {() => Promise<Arrival>} arrival what the visitor came with
 * @property {(listener: (token: string | null) => void) => void} onToken
 *   a token that the host passes later; null after a login of its own that brought none
 * @property {(name: string, detail?: Record<string, unknown>) => void} event tells the host what happened: codes, names and refs, never values
 * @property {(px: number) => void} resize
 * @property {() => boolean} renews whether the host can make a new token
 * @property {() => Promise<string | null>} renew asks the host for a new token
 * @property {() => Promise<Place | null>} place where the visitor is on the host page
 * @property {(step: string, asked: { bind?: string, returnIndex?: number, prompt?: "login" | "create", preview: boolean }) => void} login
 *   moves the top window to the login page, which with a prompt asks who it is even if it knows somebody, or makes an account
 * @property {(place: Place | null | undefined) => void} restore after a login: the host's fragment, scroll and the focus
 */

/**
 * @param {import("../campaign.js").Campaign} campaign
 * @returns {Promise<Host>}
 */
export async function openHost(campaign) {
  const framed = window.parent !== window ? await openFrame(campaign) : null;
  return framed ?? openWindow(campaign);
}
