import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeRandom } from "../simulation/random.ts";
import { eventsOf, faultsOf, processesWith, tokensIn } from "./check.ts";
import { until } from "../until.ts";
import { currentRun, dropRig, here, makeRig, type Rig, run, start } from "./rig.ts";

export const waysToStop = ["SIGINT", "SIGINT twice", "SIGTERM", "SIGHUP", "stop", "terminal"] as const;

/** One stop at some time, and the resume after it. */
export interface StopEnd {
  readonly name: string;
  /** Seconds until no process of the run was left. */
  readonly seconds: number;
  readonly faults: readonly string[];
  readonly kept: string | null;
}

const list = ["T001:nap First", "T003 Third", "T004:nap Fourth (depends on T003)"];

/**
 * Stops a run as soon as its journal has a number of events that follows from the seed: before its workers began, while they
 * begin, while they work. One of them ends only when it is killed, if `rude` says so.
 */
export async function tryStop(
  cli: string,
  way: (typeof waysToStop)[number],
  seed: number,
  rude: boolean,
): Promise<StopEnd> {
  const rig = makeRig(cli, rude ? [...list, "T005:rude Fifth"] : list);
  const events = makeRandom(seed).int(2, 16);
  const faults: string[] = [];
  const began = await stopIt(rig, way, events);
  const tokens = (): Set<string> => new Set(tokensIn(eventsOf(rig)));
  await until("the end of all workers", () => processesWith(tokens()).length === 0).catch((error: unknown) =>
    faults.push(`orphan: ${String(error)}`),
  );
  const seconds = (performance.now() - began) / 1_000;
  writeFileSync(`${rig.witness}.awake`, "");
  for (let tries = 0; tries < 5; tries += 1) {
    const again = await run(rig, currentRun(rig) === null ? ["run", "tasks.md"] : ["resume"]);
    if (again.code === 0 && eventsOf(rig).some(({ type }) => type === "finished")) break;
    if (tries === 4) faults.push(`error: the resume ended with ${again.code}: ${again.out}`);
  }
  faults.push(...faultsOf(rig));
  if (faults.length === 0) dropRig(rig);
  return { name: `${way} after ${events} events`, seconds, faults, kept: faults.length === 0 ? null : rig.root };
}

/** Resolves when the journal has so many events, or when all that it can have is there: the two that take their time are at work. */
async function reached(rig: Rig, events: number): Promise<void> {
  await until(`${events} events of the run, or its two long workers`, () => {
    const begun = readFileSync(rig.witness, "utf8");
    return eventsOf(rig).length >= events || ["T001", "T004"].every((task) => begun.includes(`start ${task} `));
  });
}

/** Starts a run and stops it. Resolves with when the stop was told, once the supervisor has left. */
async function stopIt(rig: Rig, way: (typeof waysToStop)[number], events: number): Promise<number> {
  if (way === "terminal") return closeTerminal(rig, events);
  const helper = start(rig, ["run", "tasks.md"]);
  await reached(rig, events);
  const began = performance.now();
  if (way === "stop") await run(rig, ["stop"]);
  else helper.child.kill(way === "SIGINT twice" ? "SIGINT" : way);
  if (way === "SIGINT twice") {
    await until("the first SIGINT in the journal", () => eventsOf(rig).some(({ type }) => type === "stopped"));
    helper.child.kill("SIGINT");
    await helper.left;
    // The second one leaves at once, and what runs is left to the next command.
    await run(rig, ["stop"]);
  }
  await helper.left;
  return began;
}

/** Runs the helper in a terminal of its own, which is then closed. */
async function closeTerminal(rig: Rig, events: number): Promise<number> {
  const name = `faults-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const tmux = (...args: string[]): string =>
    execFileSync("tmux", ["-L", name, ...args], { encoding: "utf8", cwd: rig.project });
  // At a terminal the commands of the options are asked about, which the preview's hash answers.
  const preview = await run(rig, ["run", "tasks.md", "--dry-run"]);
  const allowed = /--allow-commands \w+/.exec(preview.out)?.[0] ?? "";
  tmux("new-session", "-d", "-s", "run", `exec ${process.execPath} ${rig.cli} run tasks.md ${allowed}`);
  try {
    await reached(rig, events);
    const held = eventsOf(rig).find((event) => event.type === "supervised");
    const began = performance.now();
    tmux("kill-session", "-t", "run");
    const pid = held?.type === "supervised" ? held.by.pid : 0;
    await until("the supervisor's end", () => !isRunning(pid));
    return began;
  } finally {
    try {
      tmux("kill-server");
    } catch {
      // It ended with its last session.
    }
  }
}

export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Moves the time of day in the supervisor and in its keepers, while a worker speaks. Nothing may run out of time. */
export async function jumpClock(cli: string, days: number): Promise<readonly string[]> {
  const rig = makeRig(
    cli,
    ["T001:chat First", "T002:fail Second", "T003 Third (depends on T001, T002)"],
    ["startTimeout: 3600", "idleTimeout: 3600", "timeout: 7200"],
  );
  const when = join(rig.root, "jump");
  const clock = { when, milliseconds: days * 86_400_000 };
  const never = { folder: rig.project, at: 0, only: "^nothing$" };
  const helper = start(rig, ["run", "tasks.md"], { ...never, clock, keeper: { ...never, clock } });
  await until("the worker that speaks", () => readFileSync(rig.witness, "utf8").includes("start T001 "));
  writeFileSync(when, "");
  writeFileSync(`${rig.witness}.awake`, "");
  const ended = await helper.left;
  const bad = eventsOf(rig).filter((event) => event.type === "ended" && !["finished", "crash"].includes(event.outcome));
  const faults = [...faultsOf(rig), ...bad.map((event) => `error: ${JSON.stringify(event)}`)];
  if (ended.code !== 0) faults.push(`error: ended with ${ended.code}: ${ended.out}`);
  dropRig(rig);
  return faults;
}

/** Stops the supervisor, the keepers and the workers for so many seconds, longer than a worker may be silent, as a sleep does. */
export async function sleepWell(cli: string, seconds: number): Promise<readonly string[]> {
  const limit = seconds - 1;
  const rig = makeRig(
    cli,
    ["T001:chat First", "T002:chat Second"],
    [`startTimeout: ${limit}`, `idleTimeout: ${limit}`, "timeout: 7200"],
  );
  const helper = start(rig, ["run", "tasks.md"]);
  const tokens = (): Set<string> => new Set(tokensIn(eventsOf(rig)));
  await until("both workers", () => readFileSync(rig.witness, "utf8").split("start ").length > 2);
  const all = [...processesWith(tokens()), helper.child.pid ?? 0];
  for (const pid of all) signal(pid, "SIGSTOP");
  // What is tried is that time passes.
  await new Promise((done) => setTimeout(done, seconds * 1_000));
  for (const pid of all) signal(pid, "SIGCONT");
  writeFileSync(`${rig.witness}.awake`, "");
  await helper.left;
  const bad = eventsOf(rig).filter((event) => event.type === "ended" && event.outcome !== "finished");
  const faults = [...faultsOf(rig), ...bad.map((event) => `error: ${JSON.stringify(event)}`)];
  dropRig(rig);
  return faults;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

/** A recorded keeper whose number belongs to somebody else now. Returns whether the stranger was left alone. */
export async function spareStranger(
  cli: string,
): Promise<{ readonly lives: boolean; readonly signals: string; readonly faults: readonly string[] }> {
  const rig = makeRig(cli, ["T001:slow First", "T002:slow Second"]);
  const helper = start(rig, ["run", "tasks.md"]);
  const keeper = await until("a keeper", () => eventsOf(rig).find((event) => event.type === "spawned") ?? null);
  helper.child.kill("SIGKILL");
  await helper.left;
  const events = eventsOf(rig);
  const { task, claim, keeper: old } = keeper;
  const tokens = new Set(tokensIn(events));
  for (const pid of processesWith(tokens)) signal(pid, "SIGKILL");
  await until("the end of its workers", () => processesWith(tokens).length === 0);
  const heard = join(rig.root, "heard");
  const stranger = start({ ...rig, cli: join(here, "stranger.mjs") }, [heard]);
  await until("the stranger", () => readAll(heard).includes("ready"));
  const place = events.find((event) => event.type === "dispatched" && event.claim === claim);
  const folder = place?.type === "dispatched" ? (place.place?.folder ?? "") : "";
  replaceKeeper(join(rig.project, folder), { pid: stranger.child.pid ?? 0, start: old.start });
  await run(rig, ["stop", task]);
  await run(rig, ["stop"]);
  await run(rig, ["resume"]);
  await run(rig, ["retry", task]);
  await run(rig, ["resume"]);
  const lives = stranger.child.exitCode === null && stranger.child.signalCode === null;
  const signals = readAll(heard).replace("ready\n", "");
  stranger.child.kill("SIGKILL");
  await stranger.left;
  const faults = faultsOf(rig);
  dropRig(rig);
  return { lives, signals, faults };
}

/** As if the recorded processes had ended, and their number had been given to another. */
function replaceKeeper(folder: string, identity: { readonly pid: number; readonly start: string }): void {
  rmSync(join(folder, "end.json"), { force: true });
  writeFileSync(join(folder, "keeper.json"), JSON.stringify({ schema: 1, keeper: identity, worker: identity }));
}

function readAll(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
