// Times as people read them, and times at the wall clock of a station. What a wall clock means stands
// in core/clock/days.py too; tests/data/clock_cases.json holds both to the same results.

const DAY = 24 * 60 * 60 * 1000;

/**
 * Seconds as 1:05 or 1:01:05.
 *
 * @param {number} seconds
 */
export function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/**
 * The offset of a time zone at a wall-clock time, such as +08:00. Of a time that the clock shows
 * twice it is the first; one that it leaps over has the offset from before the leap.
 *
 * @param {string} local
 * @param {string} zone
 */
export function zoneOffset(local, zone) {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const named = (/** @type {number} */ moment) =>
    format
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName")
      ?.value.slice(3) || "+00:00";
  const offsetUnder = (/** @type {string} */ offset) => named(Date.parse(local + offset));
  const before = named(Date.parse(`${local}Z`) - DAY);
  const after = offsetUnder(before);
  return after !== before && offsetUnder(after) === after ? after : before;
}

/**
 * What a field for a local time holds, as a moment; such a field leaves out seconds that are none.
 *
 * @param {string} local
 * @param {string} zone
 */
export function momentOf(local, zone) {
  const whole = local.length === 16 ? `${local}:00` : local;
  return whole + zoneOffset(whole, zone);
}

/**
 * A moment as a field for a local time takes it.
 *
 * @param {string} iso
 * @param {string} zone
 */
export function localTime(iso, zone) {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return format.format(new Date(iso)).replace(" ", "T");
}
