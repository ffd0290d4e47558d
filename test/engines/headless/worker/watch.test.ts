import { expect, test } from "vitest";
import { afterSleep, heard, nextExpiry, startWatch } from "../../../../src/engines/headless/keeper/watch.ts";

const limits = { firstEvent: 30, idle: 600, total: 3_600 };

test("before the first output its limit is the next, after it the silence, at last the whole time", () => {
  const fresh = startWatch(0);
  expect(nextExpiry(fresh, limits)).toEqual({ at: 30_000, expiry: "first-event" });
  const working = heard(fresh, 20_000, true);
  expect(nextExpiry(working, limits)).toEqual({ at: 620_000, expiry: "stuck" });
  expect(nextExpiry(heard(working, 3_500_000, true), limits)).toEqual({ at: 3_600_000, expiry: "timeout" });
});

test("standard error breaks the silence but is no first event", () => {
  expect(nextExpiry(heard(startWatch(0), 20_000, false), limits).expiry).toBe("first-event");
});

test("a wait that the client announced is no silence", () => {
  const waiting = heard(startWatch(0), 1_000, true, 900_000);
  expect(nextExpiry(waiting, limits).at).toBe(1_501_000);
});

test("after a sleep that the steady clock counted, every interval begins anew and the total leaves the sleep out", () => {
  const hours = 8 * 3_600_000;
  const watch = heard(startWatch(0), 100_000, true);
  const woken = afterSleep(watch, 105_000 + hours, { asked: 5_000, passed: 5_000 + hours, wall: 5_000 + hours });
  expect(nextExpiry(woken, limits)).toEqual({ at: 705_000 + hours, expiry: "stuck" });
  expect(woken.begun).toBe(hours);
});

test("after a sleep that only the time of day shows, the silence begins anew and the total stays", () => {
  const watch = heard(startWatch(0), 100_000, true);
  const woken = afterSleep(watch, 105_000, { asked: 5_000, passed: 5_000, wall: 8 * 3_600_000 });
  expect(woken).toEqual({ begun: 0, waiting: null, silent: 105_000 });
});

test("a look that is hardly late, or a clock set back, changes nothing", () => {
  const watch = startWatch(0);
  expect(afterSleep(watch, 5_400, { asked: 5_000, passed: 5_400, wall: 5_400 })).toBe(watch);
  expect(afterSleep(watch, 5_000, { asked: 5_000, passed: 5_000, wall: -86_400_000 })).toBe(watch);
});

test.each([1_000, 4_000, 9_000])("a gap of %i ms in the keeper's own clock counts towards no limit", (gap) => {
  const watch = heard(startWatch(0), 20_000, false);
  const before = nextExpiry(watch, limits).at;
  const woken = afterSleep(watch, 25_000 + gap, { asked: 5_000, passed: 5_000 + gap, wall: 5_000 + gap });
  expect(woken).toEqual({ begun: gap, waiting: gap, silent: 20_000 + gap });
  expect(nextExpiry(woken, limits).at).toBe(before + gap);
});

test("a silence that began in the gap itself is not moved into the future", () => {
  const watch = heard(startWatch(0), 13_000, true);
  expect(afterSleep(watch, 14_000, { asked: 5_000, passed: 14_000, wall: 14_000 }).silent).toBe(14_000);
});
