// The API over any host.

/**
 * @typedef {object} Host how an entry gives the API its module
 * @property {() => import("./instance.js").Module} module the running module, now
 * @property {(source?: any) => Promise<void>} init
 * @property {() => Promise<void>} ready makes `module()` work, where that takes time
 */

/** @param {Host} host */
export function createApi(host) {
  return { init: host.init };
}
