import { describe, expect, test } from "vitest";
import { secondsUntil, secondsUntilReset } from "../../../../src/engines/headless/keeper/resetTime.ts";
import { isLimitNotice, saysLimit } from "../../../../src/engines/headless/keeper/usageLimit.ts";

/** A Saturday. */
const now = Date.UTC(2026, 10, 21, 14, 34, 40);
const hours = (count: number): number => count * 3_600;

describe("until when a limit lasts:", () => {
  test.each([
    ["Claude AI usage limit reached|1795275280", 1795275280 - now / 1_000],
    ["Claude AI usage limit reached|1795275280000", 1795275280 - now / 1_000],
    ["You've hit your 5-hour limit · resets 3:34pm (UTC)", hours(1) + 60],
    ["You've hit your session limit · resets 5pm (Europe/Paris)", 5_220],
    ["You've hit your session limit · resets 12am (UTC)", 34_020],
    ["You've hit your limit · resets 2:30pm (UTC)", 0],
    ['{"retry-after": "30"}', 30],
    ["Retry-After: 90", 90],
    ["API Error: Request rejected (429) · slow down", 0],
    ["resets 3pm (No/Such_Zone)x|99999999999999999", expect.any(Number)],
  ])("%j is %d seconds", (text, seconds) => {
    expect(secondsUntilReset(text, now)).toEqual(seconds);
  });

  test.each([
    ["try again in 500ms", 1],
    ["retry-after-ms: 2500", 3],
    ["Retry-After: 0.4", 1],
    ["try again in 20s", 20],
    ["Please try again in 20 seconds.", 20],
    ["try again in 1m30s", 90],
    ["try again in 2 minutes", 120],
    ["try again in 1h30m", 5_400],
    ["try again in 1 hour 5 min", 3_900],
    ["resets in 2 days 3 hours", 2 * 86_400 + hours(3)],
    ["resets in 2 days, 3 hours and 10 minutes", 2 * 86_400 + hours(3) + 600],
    ["available in 1.5 hours", 5_400],
    ["wait for 1 week", 7 * 86_400],
    ["Retry-After: Sat, 21 Nov 2026 14:44:40 GMT", 600],
  ])("%j is a duration of %d seconds", (text, seconds) => {
    expect(secondsUntilReset(text, now)).toBe(seconds);
  });

  // 14:34 in UTC is 15:34 in Rome, 09:34 in New York, 20:04 in Kolkata, and 03:34 of Sunday in Auckland.
  test.each([
    ["You've hit your limit · resets 4:50am (Europe/Rome)", hours(13) + 16 * 60],
    ["You’ve hit your limit ∙ resets 4:50am (Europe/Rome)", hours(13) + 16 * 60],
    ["Session limit reached ∙ resets 10am (America/New_York)", 26 * 60],
    [
      "5-hour limit reached · resets 2pm (Pacific/Auckland) · /upgrade to Max 20x or turn on /extra-usage",
      hours(10) + 26 * 60,
    ],
    ["You've hit your limit · resets Nov 23, 11:30am (Asia/Calcutta)", hours(39) + 26 * 60],
    ["You've hit your limit · resets 23 Nov at 11:30 (Asia/Kolkata)", hours(39) + 26 * 60],
    ["Weekly limit reached · resets Nov 24, 3pm (UTC)", hours(72) + 26 * 60],
    ["Weekly limit reached · resets November 24 2026, 3 PM UTC", hours(72) + 26 * 60],
    ["Weekly limit reached ∙ resets Monday 9am (UTC)", hours(42) + 26 * 60],
    ["Opus weekly limit reached ∙ resets Mon, 9:00 AM (UTC)", hours(42) + 26 * 60],
    ["Your limit will reset at 7pm (America/New_York).", hours(9) + 26 * 60],
    ["Limits will reset tomorrow at 3 a.m. UTC", hours(12) + 26 * 60],
    ["You will regain access on 2026-11-22 at 00:00 UTC.", hours(9) + 26 * 60],
    ["resets 2026-11-21T16:00:00Z", hours(1) + 26 * 60],
    ["resets 15:00 UTC+2", hours(22) + 26 * 60],
    ["resets noon EST", hours(2) + 26 * 60],
    ["resets 7am PST", 26 * 60],
    ["try again after 16:00 (UTC)", hours(1) + 26 * 60],
  ])("%j", (text, seconds) => {
    expect(secondsUntilReset(text, now)).toBe(seconds + 60 > 8 * 86_400 ? 8 * 86_400 : seconds + 60);
  });

  test("the day of today with a time that is past is that of next week, and a date that is past is over", () => {
    expect(secondsUntilReset("resets Saturday 9am (UTC)", now)).toBe(7 * 86_400 - hours(5) - 34 * 60 + 60);
    expect(secondsUntilReset("resets Nov 19, 9am (UTC)", now)).toBe(0);
    expect(secondsUntilReset("resets Jan 2, 9am (UTC)", now)).toBe(8 * 86_400);
  });

  test.each([
    // Clocks go back at 03:00 in Rome on 25 October 2026: the night has an hour more.
    ["4am (Europe/Rome)", Date.UTC(2026, 9, 24, 22), hours(5)],
    ["2:30am (Europe/Rome)", Date.UTC(2026, 9, 24, 22), hours(2.5)],
    ["2:30am (Europe/Rome)", Date.UTC(2026, 9, 25, 0, 45), 45 * 60],
    // They go forward at 02:00 in New York on 8 March 2026: the night has an hour less, and no half past two.
    ["6am (America/New_York)", Date.UTC(2026, 2, 8, 5), hours(5)],
    ["2:30am (America/New_York)", Date.UTC(2026, 2, 8, 5), hours(2.5)],
    ["Mar 9, 6am (America/New_York)", Date.UTC(2026, 2, 7, 11), hours(47)],
  ])("in a night in which the clocks change, `resets %s` counts real hours", (text, at, seconds) => {
    const waits = secondsUntilReset(`You've hit your limit · resets ${text}`, at);
    // Of an hour that comes twice, the first that is not long over.
    expect([seconds + 60, 0]).toContain(waits);
    if (text !== "2:30am (Europe/Rome)") expect(waits).toBe(seconds + 60);
  });

  test.each([
    "resets",
    "resets soon",
    "resets at the end",
    "try again",
    "again and again",
    "",
    "resets 99:99",
    "until further notice",
  ])("%j names no time", (text) => {
    expect(secondsUntilReset(text, now)).toBe(0);
  });
});

test("a reset that is past, or years away, is no wait for ever", () => {
  expect(secondsUntil(now / 1_000 - 5, now)).toBe(0);
  expect(secondsUntil(now, now)).toBe(8 * 24 * 3_600);
});

test("words of a limit are told from other errors", () => {
  for (const text of [
    "API Error: 429",
    "rate_limit_error",
    "usage_limit_reached",
    "529 Overloaded",
    "Too many requests",
    "API Error: Rate limit reached",
    "This request would exceed your account's rate limit. Please try again later.",
    "You’ve hit your limit for Claude messages.",
    "Number of request tokens has exceeded your per-minute rate limit",
    "Server is temporarily limiting requests",
    "You're out of extra usage",
  ])
    expect([text, saysLimit(text)]).toEqual([text, true]);
  for (const text of [
    "Invalid API key",
    "line 4290 failed",
    "the limit is 5",
    "the rate limit test failed",
    "rateLimiter.ts: no such file",
    "FAIL src/limits/rate-limit.test.ts",
  ])
    expect([text, saysLimit(text)]).toEqual([text, false]);
});

test.each([
  "Claude AI usage limit reached|1795275280",
  "Claude usage limit reached. Your limit will reset at 7pm (America/New_York).",
  "You've hit your session limit · resets 3pm",
  "You've hit your limit · resets 4:50am (Europe/Rome)",
  "You've hit your limit · resets Jan 30, 11:30am (Asia/Calcutta)",
  "Session limit reached ∙ resets 10am",
  "5-hour limit reached ∙ resets 2am",
  "5-hour limit reached · resets 2pm (Pacific/Auckland) · /upgrade to Max 20x or turn on /extra-usage",
  "Weekly limit reached · resets Oct 9, 3pm",
  "Opus weekly limit reached ∙ resets Oct 20, 2pm",
  "You’ve hit your limit for Claude messages. Limits will reset at 9:30 AM.",
  "You've reached your usage limit",
  "You're out of extra usage · resets 5pm",
  "Spending cap reached · resets 5pm",
  "API Error: Rate limit reached",
])("%j is a client's notice", (text) => {
  expect([isLimitNotice(text), saysLimit(text)]).toEqual([true, true]);
});

test.each([
  "I added the message `You've hit your session limit` to the page.",
  `You've hit your session limit ${"and more ".repeat(50)}`,
  "Rate limit reached handler is in src/limits.ts now",
  "The weekly limit reached banner shows when it should",
  "You've hit your limit banner: done, with tests",
  "Usage limit reached messages are translated",
  "The API returns 429 when the limit is reached.",
  "Approaching usage limit · resets at 7pm",
  "STATUS: DONE\nSUMMARY: limit reached",
])("%j is a worker that talks of limits", (text) => {
  expect(isLimitNotice(text)).toBe(false);
});
