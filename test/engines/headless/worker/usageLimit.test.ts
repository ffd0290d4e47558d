import { expect, test } from "vitest";
import {
  isLimitNotice,
  saysLimit,
  secondsUntil,
  secondsUntilReset,
} from "../../../../src/engines/headless/keeper/usageLimit.ts";

const now = Date.UTC(2026, 10, 21, 14, 34, 40);

test.each([
  ["Claude AI usage limit reached|1795275280", 1795275280 - now / 1_000],
  ["Claude AI usage limit reached|1795275280000", 1795275280 - now / 1_000],
  ["You've hit your 5-hour limit · resets 3:34pm (UTC)", 3_660],
  ["You've hit your session limit · resets 5pm (Europe/Paris)", 5_220],
  ["You've hit your session limit · resets 12am (UTC)", 34_020],
  ["You've hit your limit · resets 2:30pm (UTC)", 0],
  ['{"retry-after": "30"}', 30],
  ["Retry-After: 90", 90],
  ["try again in 2 minutes", 120],
  ["API Error: Request rejected (429) · slow down", 0],
  ["resets 3pm (No/Such_Zone)x|99999999999999999", expect.any(Number)],
])("%j: wait %d seconds", (text, seconds) => {
  expect(secondsUntilReset(text, now)).toEqual(seconds);
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
  ])
    expect([text, saysLimit(text)]).toEqual([text, true]);
  for (const text of ["Invalid API key", "line 4290 failed", "the limit is 5"])
    expect([text, saysLimit(text)]).toEqual([text, false]);
});

test("a result that only speaks of a limit is no notice", () => {
  expect(isLimitNotice("Claude AI usage limit reached|1795275280")).toBe(true);
  expect(isLimitNotice("You've hit your session limit · resets 3pm")).toBe(true);
  expect(isLimitNotice("I added the message `You've hit your session limit` to the page.")).toBe(false);
  expect(isLimitNotice(`You've hit your session limit ${"and more ".repeat(50)}`)).toBe(false);
});
