// What campaigns said on pages that are being checked from the console, while somebody looks: in memory alone, few and short.
// Names and codes, nothing about a person.

/** @typedef {{ at: number, name: string, code?: string, origin?: string }} TrailEvent at: milliseconds */

/** How many are looked at together, how many events of each are kept, and how long after the last look. */
const TRAILS = 20;
const EVENTS = 50;
const OPEN_MS = 10 * 60_000;

export class Trails {
  /** @type {Map<string, { until: number, events: TrailEvent[] }>} */
  #open = new Map();

  /**
   * Gives the events of a trail, which takes some only from its first look on.
   * @param {string} trail
   * @param {number} now milliseconds
   */
  look(trail, now) {
    for (const [name, { until }] of this.#open) if (until <= now) this.#open.delete(name);
    const found = this.#open.get(trail) ?? { until: 0, events: [] };
    found.until = now + OPEN_MS;
    this.#open.delete(trail);
    this.#open.set(trail, found);
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > TRAILS && oldest !== undefined) this.#open.delete(oldest);
    return found.events;
  }

  /** Adds an event where somebody looks. @param {string} trail @param {TrailEvent} event */
  add(trail, event) {
    const found = this.#open.get(trail);
    if (found && found.until > event.at && found.events.length < EVENTS) found.events.push(event);
  }
}
