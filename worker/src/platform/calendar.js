// The calendar of a time zone, by the platform's own data (Intl): from a wall time to its moment, and where days and weeks
// begin. What follows from a moment is decided by the core.

const DAY_MS = 86_400_000;

/** A formatter for each zone that was asked for; there are some six hundred. @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string} zone */
function clockOf(zone) {
  const known = clocks.get(zone);
  if (known) return known;
  const parts = /** @type {const} */ ({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "iso8601", hourCycle: "h23", ...parts });
  clocks.set(zone, clock);
  return clock;
}

/** Whether the platform knows a zone. @param {string} zone */
export function isZone(zone) {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the clocks of a zone show, as if it were UTC.
 * @param {number} moment milliseconds
 * @param {string} zone
 */
function wallOf(moment, zone) {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
}

/**
 * The moment of a wall time. Of one that comes twice, as clocks go back, the first; of one that is skipped, as they go
 * forward, as much after the change as it is into the gap.
 * @param {number} wall milliseconds, as if it were UTC
 * @param {string} zone
 */
function momentOfWall(wall, zone) {
  const at = (/** @type {number} */ near) => wall - (wallOf(near, zone) - near);
  // By the difference to UTC of the day before and of the day after: no zone changes it twice in two days.
  const [before, after] = [at(wall - DAY_MS), at(wall + DAY_MS)];
  const real = [before, after].filter((moment) => wallOf(moment, zone) === wall);
  return real.length > 0 ? Math.min(...real) : before;
}

/**
 * The moment of a time as a document in normal form has it: `2026-12-01T09:00:00`, on the clocks of the zone, or with `Z` or
 * an offset.
 * @param {string} text
 * @param {string} zone
 */
export function momentOf(text, zone) {
  const isWall = text.length === "2026-12-01T09:00:00".length;
  return isWall ? momentOfWall(Date.parse(`${text}Z`), zone) : Date.parse(text);
}

/**
 * The day and the week of a zone in which a moment lies; a week begins on Monday (ISO 8601).
 * @param {number} moment milliseconds
 * @param {string} zone
 * @returns {Record<"day" | "week", { starts: number, ends: number }>} milliseconds
 */
export function spansOf(moment, zone) {
  const wall = wallOf(moment, zone);
  const day = wall - (wall % DAY_MS);
  const monday = day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
  const span = (/** @type {number} */ from, /** @type {number} */ days) => ({ starts: momentOfWall(from, zone), ends: momentOfWall(from + days * DAY_MS, zone) });
  return { day: span(day, 1), week: span(monday, 7) };
}
