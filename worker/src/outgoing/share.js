// How much an isolate awaits from customers' servers at once. All accounts whose requests it serves share its memory, and one
// whose server answers slowly and at length would fill it with sign-ins of its own.
//
// Key sets and metadata that are used count elsewhere: one object fetches each, once at a time, and an account begins only so many.

/** @typedef {{ atOnce: number, bytes: number }} Amount */

/** Of one account and errand: at half a second each, 500 sign-ins a second. @type {Amount} */
export const SHARE = { atOnce: 256, bytes: 4 * 1024 * 1024 };
/** Of all together. An isolate has 128 MiB, and a body stands there up to three times while it is read. @type {Amount} */
export const WHOLE = { atOnce: 1024, bytes: 16 * 1024 * 1024 };

/** @type {Amount} */
const whole = { atOnce: 0, bytes: 0 };
/** @type {Map<string, Amount>} */
const owners = new Map();

/** One piece of work for an account: it counts from the first request on, and holds what has arrived until it is closed. */
export class Share {
  #owner;
  /** @type {Amount} */
  #held = { atOnce: 0, bytes: 0 };

  /**
   * @param {"sign-in" | "profile" | "webhook" | "challenge" | "look"} errand so that a slow webhook keeps nobody from signing in
   * @param {string} account
   */
  constructor(errand, account) {
    this.#owner = `${errand}|${account}`;
  }

  /**
   * Takes room for what arrives.
   * @param {number} bytes
   * @returns {boolean} whether there was any
   */
  take(bytes) {
    const own = owners.get(this.#owner) ?? { atOnce: 0, bytes: 0 };
    const more = { atOnce: 1 - this.#held.atOnce, bytes };
    if (!fits(whole, more, WHOLE) || !fits(own, more, SHARE)) return false;
    owners.set(this.#owner, own);
    for (const amount of [whole, own, this.#held]) add(amount, more);
    return true;
  }

  close() {
    const { atOnce, bytes } = this.#held;
    const own = owners.get(this.#owner);
    if (!own || atOnce === 0) return;
    for (const amount of [whole, own, this.#held]) add(amount, { atOnce: -atOnce, bytes: -bytes });
    if (own.atOnce === 0) owners.delete(this.#owner);
  }
}

/** @param {Amount} amount @param {Amount} more @param {Amount} most */
const fits = (amount, more, most) => amount.atOnce + more.atOnce <= most.atOnce && amount.bytes + more.bytes <= most.bytes;

/** @param {Amount} amount @param {Amount} more */
function add(amount, more) {
  amount.atOnce += more.atOnce;
  amount.bytes += more.bytes;
}
