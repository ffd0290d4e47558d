/** Words by which the service or the client says that it takes no more for now. */
const limited =
  /\brate[ _-]?limit|usage[ _]limit|hit your [\w -]{1,40}limit|\b429\b|too many requests|\boverloaded\b|\b529\b/i;
/** A message that is nothing but such a notice; a worker's own words that mention a limit are longer, or begin otherwise. */
const notice = /^(?:Claude AI usage limit reached|You(?:'|’)ve hit your [\w -]{1,40}limit)\b/;

export function saysLimit(text: string): boolean {
  return limited.test(text);
}

/** Whether a result that is called a success is in truth such a notice, as older clients gave it. */
export function isLimitNotice(text: string): boolean {
  return text.length <= 300 && notice.test(text.trim());
}

/**
 * Seconds from `now` (milliseconds since 1970) until the time that a notice names: `…|1718000000`, `resets 3:34pm (UTC)`,
 * `retry-after: 30`, `try again in 20 seconds`. 0 when it names none. At most eight days.
 */
export function secondsUntilReset(text: string, now: number): number {
  const epoch = /\|\s?(\d{10})(?:\d{3})?\b/.exec(text)?.[1];
  if (epoch !== undefined) return bounded(Number(epoch) - now / 1_000);
  const [, amount, unit] =
    /(?:retry[- ]after["']?[:=]?|(?:again|resets) in)\s{0,3}["']?(\d{1,7})\s?(s\b|sec|min|h\b|hour|$|\D)/i.exec(text) ??
    [];
  if (amount !== undefined) return bounded(Number(amount) * secondsIn(unit ?? ""));
  const [, hour, minute, half, zone] =
    /resets (?:at )?(\d{1,2})(?::(\d{2}))?\s?(am|pm)(?: \(([\w/+-]{1,40})\))?/i.exec(text) ?? [];
  if (hour === undefined || half === undefined) return 0;
  const wanted = ((Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0)) * 60 + Number(minute ?? 0);
  const current = minuteOfDay(now, zone);
  const minutes = (wanted - current + 1_440) % 1_440;
  // A minute on top: the notice leaves the seconds out. A time of the hour just past means now, not tomorrow.
  return minutes > 1_380 ? 0 : minutes * 60 + 60;
}

/** Seconds from `now` (ms) until a reset in seconds since 1970; 0 when it has passed. At most eight days. */
export function secondsUntil(resetsAt: number, now: number): number {
  return bounded(resetsAt - now / 1_000);
}

function bounded(seconds: number): number {
  return Math.ceil(Math.min(Math.max(0, seconds), 8 * 24 * 3_600));
}

function secondsIn(unit: string): number {
  if (/^m/i.test(unit)) return 60;
  return /^h/i.test(unit) ? 3_600 : 1;
}

/** Minutes since midnight in a time zone; in the machine's own when the zone is not given or not known. */
function minuteOfDay(now: number, zone: string | undefined): number {
  const at = (timeZone?: string): number => {
    const parts = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      ...(timeZone === undefined ? {} : { timeZone }),
    }).format(now);
    const [hour, minute] = parts.split(":").map(Number);
    return (hour ?? 0) * 60 + (minute ?? 0);
  };
  try {
    return at(zone);
  } catch {
    return at();
  }
}
