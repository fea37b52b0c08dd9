// The one place where an object is reached by its name.

/** @typedef {{ idFromName(name: string): any, get(id: any): any, jurisdiction(name: any): any }} Namespace */

/**
 * An object by its name, within the jurisdiction of the deployment. An object that is asked for by its id is found
 * where it is.
 * @template {Namespace} N
 * @param {{ jurisdiction: string | undefined }} config
 * @param {N} namespace
 * @param {string} name
 * @returns {ReturnType<N["get"]>}
 */
export function objectNamed({ jurisdiction }, namespace, name) {
  const home = jurisdiction ? namespace.jurisdiction(jurisdiction) : namespace;
  return home.get(home.idFromName(name));
}
