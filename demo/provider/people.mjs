// Who can sign in at the demo's login server, and what it knows about them.

/**
 * Claims of OpenID Connect Core, section 5.1.
 * @typedef {object} Person
 * @property {string} sub
 * @property {string} email
 * @property {string} given_name
 * @property {string} family_name
 * @property {string} birthdate
 * @property {{ locality: string, country: string }} address
 */

/** @type {Person[]} */
export const people = [
  {
    sub: "1001", email: "lea@example.com", given_name: "Lea", family_name: "Example",
    birthdate: "1991-04-23", address: { locality: "Namur", country: "BE" },
  },
  {
    sub: "1002", email: "noor@example.com", given_name: "Noor", family_name: "Example",
    birthdate: "1987-11-02", address: { locality: "Utrecht", country: "NL" },
  },
  {
    sub: "1003", email: "sam@example.com", given_name: "Sam", family_name: "Example",
    birthdate: "2000-02-29", address: { locality: "Lyon", country: "FR" },
  },
];

/** @param {string} name e-mail address or subject */
export const personOf = (name) => people.find(({ sub, email }) => sub === name || email === name);
