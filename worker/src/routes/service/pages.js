// The pages for people who run campaigns, whose addresses name an account or carry a key in their fragment. They are
// static files; whatever they show, they fetch themselves.

import { asset } from "./assets.js";

/** @import { Context, Handler } from "../../types.d.ts" */

/** @param {string} folder of www/ @returns {Handler} */
const page = (folder) => (/** @type {Context} */ context) => asset({ ...context, url: new URL(`/${folder}/`, context.url) });

/** GET /stats/{account} */
export const managerPage = page("desk");

/** GET /connect/{account} */
export const connectionPage = page("connection");
