import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { watchPulse } from "../../../../src/engines/headless/effects/watchPulse.ts";
import { attemptFiles } from "../../../../src/engines/headless/keeper/files.ts";
import { feel, firstPulse, startBeating, type Pulse } from "../../../../src/engines/headless/keeper/pulse.ts";
import { afterAwake, awake } from "../../../../src/process/awake.ts";
import { identityOf } from "../../../../src/process/identity.ts";

/** Looks every half second for so many seconds at a keeper that does not beat. */
function silence(pulse: Pulse, seconds: number): { pulse: Pulse; acts: string[] } {
  const acts: string[] = [];
  let felt = pulse;
  for (let look = 1; look <= seconds * 2; look++) {
    const { act, pulse: next } = feel(felt, felt.beat, felt.looked + 500, 5);
    felt = next;
    if (act !== "nothing") acts.push(act);
  }
  return { pulse: felt, acts };
}

describe("a keeper's pulse", () => {
  test("silent for twenty seconds it is continued, and after twenty more it is ended", () => {
    const first = silence(firstPulse(1, 0), 19.5);
    expect(first.acts).toEqual([]);
    expect(silence(first.pulse, 0.5).acts).toEqual(["continue"]);
    expect(silence(firstPulse(1, 0), 39.5).acts).toEqual(["continue"]);
    expect(silence(firstPulse(1, 0), 40).acts).toEqual(["continue", "end"]);
  });

  test("a beat begins the silence anew, but one that was continued is not continued a second time", () => {
    const { pulse } = silence(firstPulse(1, 0), 20);
    const beaten = feel(pulse, 2, pulse.looked + 500, 5);
    expect(beaten.act).toBe("nothing");
    expect(silence(beaten.pulse, 19.5).acts).toEqual([]);
    expect(silence(beaten.pulse, 20).acts).toEqual(["end"]);
  });

  test.each([30, 3_600, 8 * 3_600])("a gap of %i seconds in the supervisor's own clock is sleep", (seconds) => {
    const { pulse } = silence(firstPulse(1, 0), 10);
    const woken = feel(pulse, 1, pulse.looked + seconds * 1_000, 5);
    expect(woken.act).toBe("nothing");
    expect(silence(woken.pulse, 8).acts).toEqual([]);
  });

  test("a clock that seems to go back counts nothing", () => {
    expect(awake(-5_000)).toBe(0);
  });

  test("is left in its own file, which is written anew when it is gone", async () => {
    const folder = makeFolder();
    const path = attemptFiles(folder).keeper;
    const written = new Promise<void>((resolve) => {
      const callOff = startBeating(folder, 0.01, () => {
        callOff();
        resolve();
      });
      onTestFinished(callOff);
      // Holds the process: the beat itself does not.
      const hold = setInterval(() => undefined, 1_000);
      onTestFinished(() => clearInterval(hold));
    });
    await written;
    writeFileSync(path, "{}");
    utimesSync(path, 1, 1);
    const callOff = startBeating(folder, 0.01, () => undefined);
    onTestFinished(callOff);
    while (watchTime(path) === 1_000) await new Promise((again) => setImmediate(again));
    expect(readFileSync(path, "utf8")).toBe("{}");
  });
});

test("a process that was stopped is continued once by the one that watches its pulse", async () => {
  const folder = makeFolder();
  const child = spawn(
    process.execPath,
    ["-e", "process.stdout.write('.'); setInterval(() => process.stdout.write('.'), 5)"],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const keeper = identityOf(child.pid ?? 0);
  if (keeper === null) throw new Error("no identity");
  writeFileSync(attemptFiles(folder).keeper, JSON.stringify({ schema: 1, keeper, worker: null, beat: 0.01 }));
  child.kill("SIGSTOP");
  while (stateOf(keeper.pid) !== "T") await new Promise((again) => setImmediate(again));
  const isSilent = watchPulse(folder);
  while (stateOf(keeper.pid) === "T") {
    expect(isSilent(keeper)).toBe(false);
    await new Promise((again) => setTimeout(again, 5));
  }
  while (!isSilent(keeper)) await new Promise((again) => setTimeout(again, 5));
});

test("a keeper of a version that leaves no beats is never taken for silent", () => {
  const folder = makeFolder();
  const keeper = identityOf(process.pid);
  if (keeper === null) throw new Error("no identity");
  writeFileSync(attemptFiles(folder).keeper, JSON.stringify({ schema: 1, keeper, worker: null }));
  const isSilent = watchPulse(folder);
  expect(Array.from({ length: 1_000 }, () => isSilent(keeper))).not.toContain(true);
});

test("a time limit counts time that was spent awake, and can be called off", async () => {
  await new Promise<void>((resolve) => afterAwake(5, resolve));
  let called = false;
  const callOff = afterAwake(5, () => (called = true));
  callOff();
  await new Promise<void>((resolve) => afterAwake(20, resolve));
  expect(called).toBe(false);
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-pulse-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function watchTime(path: string): number {
  return process.getBuiltinModule("node:fs").statSync(path).mtimeMs;
}

/** `T` for a process that is stopped. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
}
