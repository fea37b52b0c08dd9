// After a trap (the module's memory could not grow, a fault that it promises never to have) nothing in the old
// instance can be trusted: a new one is made of the same compiled module, and whoever held something in the old
// one makes it again. Where two modules run, both begin anew: a trap is rare, and nobody has to know whose it was.

/** How each module that runs is made anew. @type {Set<() => void>} */
const modules = new Set();
let made = 0;

/** Which instance is running, counted from 0: what was made in another one is gone. */
export const running = () => made;

/** Notes a module that runs. @param {() => void} newInstance */
export function started(newInstance) {
  modules.add(newInstance);
}

/** Goes on with new instances. */
export function revive() {
  for (const newInstance of modules) {
    try {
      newInstance();
      made += 1;
    } catch {
      // In a window of an old browser, which makes no large instance at once.
    }
  }
}
