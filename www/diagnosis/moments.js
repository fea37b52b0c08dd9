// Times as people read them: the date, and the difference from the moment of judgement in words.

/** @param {number} seconds since 1970 */
export function date(seconds) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return "no date of the calendar";
  return moment.toUTCString().replace("GMT", "UTC");
}

/** A number of seconds in the words of the reports, as "3 minutes" or "2 days". @param {number} seconds */
export function inWords(seconds) {
  const whole = Math.abs(Math.trunc(seconds));
  /** @type {[number, string]} */
  let [count, unit] = [Math.trunc(whole / 86_400), "day"];
  if (whole < 120) [count, unit] = [whole, "second"];
  else if (whole < 7200) [count, unit] = [Math.trunc(whole / 60), "minute"];
  else if (whole < 172_800) [count, unit] = [Math.trunc(whole / 3600), "hour"];
  else if (whole > 730 * 86_400) [count, unit] = [Math.trunc(whole / (365.25 * 86_400)), "year"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** @param {number} seconds @param {number} now */
export function fromNow(seconds, now) {
  const ahead = Math.round(seconds - now);
  if (ahead === 0) return "now";
  return ahead > 0 ? `in ${inWords(ahead)}` : `${inWords(ahead)} ago`;
}
