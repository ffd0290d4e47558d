/** Seconds in the units by which durations are written. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/i, 0.001],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/i, 60],
  [/^(?:h|hrs?|hours?)$/i, 3_600],
  [/^(?:d|days?)$/i, 86_400],
  [/^(?:w|wks?|weeks?)$/i, 604_800],
];
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const weekdays = "sun mon tue wed thu fri sat".split(" ");
/** Letters by which people name a zone; everything else is an IANA name or a distance from UTC. */
const zones: Readonly<Record<string, string>> = {
  pt: "America/Los_Angeles",
  pst: "America/Los_Angeles",
  pdt: "America/Los_Angeles",
  mt: "America/Denver",
  mst: "America/Denver",
  mdt: "America/Denver",
  ct: "America/Chicago",
  cst: "America/Chicago",
  cdt: "America/Chicago",
  et: "America/New_York",
  est: "America/New_York",
  edt: "America/New_York",
  cet: "Europe/Paris",
  cest: "Europe/Paris",
  bst: "Europe/London",
  ist: "Asia/Kolkata",
  jst: "Asia/Tokyo",
  aest: "Australia/Sydney",
  aedt: "Australia/Sydney",
  z: "UTC",
};
const day = 86_400_000;
const justNow = 3_600_000;

/**
 * Seconds from `now` (milliseconds since 1970) until the time that a message names, in any of the forms in which clients and services
 * write it; 0 when it names none, or one that is over.
 */
export function secondsUntilReset(text: string, now: number): number {
  const plain = plainWords(text);
  const epoch = /\|\s?(\d{10})(?:\d{3})?\b/.exec(plain)?.[1];
  if (epoch !== undefined) return secondsUntil(Number(epoch), now);
  const after = /\bretry[- ]after(-ms)?["']?\s{0,3}[:=]?\s{0,3}["']?/i.exec(plain);
  if (after !== null) {
    const value = plain.slice(after.index + after[0].length);
    const date = /^\w{3}, \d{1,2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/.exec(value)?.[0];
    if (date !== undefined) return secondsUntil(Date.parse(date) / 1_000, now);
    const seconds = durationAt(value);
    if (seconds !== null) return bounded(after[1] === undefined ? seconds : seconds / 1_000);
  }
  for (const found of plain.matchAll(/\b(?:again|resets?|available|back|wait|retry)( for| in| after)?\s{1,3}/gi)) {
    // "again at 3" names a time of the day: a number without a unit is seconds only behind `in` or `for`.
    const seconds = durationAt(plain.slice(found.index + found[0].length), found[1] !== undefined);
    if (seconds !== null) return bounded(seconds);
  }
  for (const found of plain.matchAll(/\b(?:resets?|again|available|access|renews?|until)\b[\s:,]{0,3}/gi)) {
    const named = readMoment(plain.slice(found.index + found[0].length, found.index + found[0].length + 80));
    if (named !== null) return untilMoment(named, now);
  }
  return 0;
}

/** Seconds from `now` (ms) until a reset in seconds since 1970; 0 when it has passed. At most eight days. */
export function secondsUntil(resetsAt: number, now: number): number {
  return bounded(resetsAt - now / 1_000);
}

/** With the quotes, dots and blanks that a keyboard has: a client writes them as its designers like them. */
export function plainWords(text: string): string {
  return text
    .replaceAll(/[\u2018\u2019\u02bc]/g, "'")
    .replaceAll(/[\u00b7\u2219\u2022\u22c5\u30fb]/g, "·")
    .replaceAll(/[\u00a0\u202f\u2009]/g, " ");
}

function bounded(seconds: number): number {
  return Math.ceil(Math.min(Math.max(0, seconds), 8 * 24 * 3_600));
}

function unitOf(name: string | undefined): number | null {
  return units.find(([pattern]) => name !== undefined && pattern.test(name))?.[1] ?? null;
}

/** `30`, `500ms`, `1h30m`, `2 days 3 hours`, at the beginning of a text; null when it begins with none. */
function durationAt(text: string, isBareSeconds = true): number | null {
  let rest = text;
  let seconds: number | null = null;
  for (;;) {
    const found = /^[\s,]{0,3}(?:and )?(\d{1,9}(?:\.\d{1,9})?)\s{0,2}([a-z]{1,12}?)?(?=$|[^a-z])/i.exec(rest);
    if (found === null) return seconds;
    const [whole, number = "", name] = found;
    const unit = unitOf(name);
    if (unit === null) {
      const isTime = rest.slice(whole.length).startsWith(":");
      return seconds ?? (name === undefined && isBareSeconds && !isTime ? Number(number) : null);
    }
    seconds = (seconds ?? 0) + Number(number) * unit;
    rest = rest.slice(whole.length);
  }
}

/** A moment as it is written: what is not said is null. */
interface Written {
  readonly year: number | null;
  /** From 0. */
  readonly month: number | null;
  readonly date: number | null;
  readonly weekday: number | null;
  /** 1 for tomorrow. */
  readonly days: number | null;
  readonly minutes: number | null;
  readonly zone: string | null;
}

/** Reads date, weekday, time and zone, in any order and each at most once, from the beginning of a text. */
function readMoment(text: string): Written | null {
  let rest = text;
  const found: { -readonly [Key in keyof Written]: Written[Key] } = {
    year: null,
    month: null,
    date: null,
    weekday: null,
    days: null,
    minutes: null,
    zone: null,
  };
  const take = (pattern: RegExp): string[] | null => {
    const match = pattern.exec(rest);
    if (match === null) return null;
    rest = rest.slice(match[0].length);
    return [...match].slice(1).map((part) => part ?? "");
  };
  for (;;) {
    if (take(/^(?:[\s,(]+|(?:at|on|by|the|after|around|of)\b\s{0,3})/i) !== null) continue;
    const iso = found.date === null ? take(/^(\d{4})-(\d{2})-(\d{2})(?:T(?=\d))?/) : null;
    if (iso !== null) {
      [found.year, found.month, found.date] = [Number(iso[0]), Number(iso[1]) - 1, Number(iso[2])];
      continue;
    }
    const monthFirst = found.date === null ? take(monthAndDay) : null;
    if (monthFirst !== null) {
      [found.month, found.date] = [monthIn(monthFirst[0]), Number(monthFirst[1])];
      if (monthFirst[2] !== "") found.year = Number(monthFirst[2]);
      continue;
    }
    const dayFirst = found.date === null ? take(dayAndMonth) : null;
    if (dayFirst !== null) {
      [found.month, found.date] = [monthIn(dayFirst[1]), Number(dayFirst[0])];
      if (dayFirst[2] !== "") found.year = Number(dayFirst[2]);
      continue;
    }
    const weekday =
      found.weekday === null ? take(/^(sun|mon|tue|wed|thu|fri|sat)(?:day|sday|nesday|rsday|urday|s|rs|r)?\b/i) : null;
    if (weekday !== null) {
      found.weekday = weekdays.indexOf((weekday[0] ?? "").toLowerCase());
      continue;
    }
    const near = found.days === null ? take(/^(today|tonight|tomorrow)\b/i) : null;
    if (near !== null) {
      found.days = /^tomorrow$/i.test(near[0] ?? "") ? 1 : 0;
      continue;
    }
    const minutes = found.minutes === null ? takeTime(take) : null;
    if (minutes !== null) {
      found.minutes = minutes;
      continue;
    }
    const zone = found.minutes !== null && found.zone === null ? take(zonePattern) : null;
    if (zone !== null) {
      found.zone = zone[0] ?? null;
      continue;
    }
    return settled(found);
  }
}

const monthNames = `(${months.join("|")})[a-z]{0,6}\\.?`;
const yearBehind = "(?:,? (\\d{4})(?![\\d:]))?";
const monthAndDay = new RegExp(`^${monthNames} (\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])${yearBehind}`, "i");
const dayAndMonth = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${monthNames}${yearBehind}`, "i");
const zonePattern =
  /^([A-Za-z]{2,20}\/[A-Za-z_]{2,30}(?:\/[A-Za-z_]{2,30})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z\b|[A-Z]{2,4}\b)/;

function takeTime(take: (pattern: RegExp) => string[] | null): number | null {
  const half = take(/^(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s?([ap])\.?m\b\.?/i);
  if (half !== null)
    return ((Number(half[0]) % 12) + (/p/i.test(half[2] ?? "") ? 12 : 0)) * 60 + Number(half[1] === "" ? 0 : half[1]);
  const whole = take(/^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?/);
  if (whole !== null && Number(whole[0]) < 24) return Number(whole[0]) * 60 + Number(whole[1]);
  const named = take(/^(noon|midnight)\b/i);
  return named === null ? null : /^noon$/i.test(named[0] ?? "") ? 720 : 0;
}

function monthIn(name = ""): number {
  return months.indexOf(name.slice(0, 3).toLowerCase());
}

function settled(found: Written): Written | null {
  return found.minutes === null && found.date === null && found.weekday === null && found.days === null ? null : found;
}

/** A minute on top: what people write leaves the seconds out. A time of the hour just past means now, not tomorrow. */
function untilMoment(written: Written, now: number): number {
  const at = momentOf(written, now);
  return at === null || at <= now ? 0 : bounded((at - Math.floor(now / 60_000) * 60_000) / 1_000 + 60);
}

function momentOf(written: Written, now: number): number | null {
  const zone = zoneOf(written.zone);
  const here = fieldsAt(now, zone);
  const minutes = written.minutes ?? 0;
  const instants = (year: number, month: number, date: number): number[] =>
    instantsOf(zone, Date.UTC(year, month, date, 0, minutes));
  if (written.date !== null && written.month !== null) {
    const years = written.year === null ? [here.year - 1, here.year, here.year + 1] : [written.year];
    const all = years.flatMap((year) => instants(year, written.month ?? 0, written.date ?? 1));
    // Without a year the nearest is meant: one that has just passed is over, and not a year away.
    return all.toSorted((a, b) => Math.abs(a - now) - Math.abs(b - now))[0] ?? null;
  }
  const offsets = written.days === null ? [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8] : [written.days];
  const days = offsets.filter((offset) => {
    const date = new Date(Date.UTC(here.year, here.month, here.date + offset));
    return written.weekday === null || date.getUTCDay() === written.weekday;
  });
  const all = days.flatMap((offset) => instants(here.year, here.month, here.date + offset));
  return all.find((at) => at > now - justNow) ?? null;
}

/** The zone as the system knows it; undefined is the machine's own, also for a name that nobody knows. */
function zoneOf(name: string | null): string | number | undefined {
  if (name === null) return undefined;
  const known = zones[name.toLowerCase()] ?? name;
  const distance = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(known);
  if (distance !== null) return (distance[1] === "-" ? -1 : 1) * (Number(distance[2]) * 60 + Number(distance[3] ?? 0));
  try {
    return new Intl.DateTimeFormat("en", { timeZone: known }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

type Zone = ReturnType<typeof zoneOf>;

function fieldsAt(at: number, zone: Zone): { year: number; month: number; date: number } {
  const local = new Date(at + offsetAt(at, zone));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth(), date: local.getUTCDate() };
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at this instant. */
function offsetAt(at: number, zone: Zone): number {
  if (typeof zone === "number") return zone * 60_000;
  const parts = new Intl.DateTimeFormat("en-US", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(at / 1_000) * 1_000;
}

/**
 * The instants at which the clocks of a zone show this time (`local`, as if it were UTC), the earliest first: two in a night that has an
 * hour twice. In a night that leaves the hour out, the one that the clocks would have shown without the change.
 */
function instantsOf(zone: Zone, local: number): number[] {
  const offsets = [...new Set([offsetAt(local - day, zone), offsetAt(local + day, zone)])];
  const all = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at, zone) === local);
  return all.length > 0 ? all.toSorted((a, b) => a - b) : [local - (offsets[0] ?? 0)];
}
