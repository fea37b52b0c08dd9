// Members under names that an account or a person chose.

/**
 * What stands under a name, and nothing that every object has, such as `constructor`.
 * @template T
 * @param {Record<string, T> | null | undefined} members
 * @param {string | number} name
 * @returns {T | undefined}
 */
export const under = (members, name) => (members && Object.hasOwn(members, name) ? members[name] : undefined);
