import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeRandom, type Random } from "../simulation/random.ts";
import { eventsOf, faultsOf } from "./check.ts";
import { currentRun, dropRig, type Ended, type Fault, makeRig, type Rig, run, start } from "./rig.ts";

/** Two that are done at once, a chain, one that is sent back, a conflict, a question: what each task's worker does stands behind its id. */
export const scenarios: readonly (readonly string[])[] = [
  [
    "T001 First",
    "T002:back Second (`T002.txt`)",
    "T003 Third (depends on T001, T002)",
    "T004:ask Fourth",
    "T005:meet Fifth",
    "T006:meet Sixth",
  ],
  ["T001 First", "T002:back Second (`T002.txt`)", "T003 Third (depends on T001, T002)"],
  ["T001:meet First", "T002:meet Second", "T003 Third (depends on T001)"],
  ["T001:slow First", "T002:ask Second", "T003 Third (depends on T001)", "T004 Fourth (depends on T003)"],
  ["T001 First", "T002 Second (depends on T001)"],
];

/** One kill, and how the run went on. */
export interface Trial {
  readonly seed: number;
  readonly scenario: number;
  /** At which call, and on which side of it; or after how many milliseconds from outside. */
  readonly kills: readonly Kill[];
}

export type Kill =
  /** `only`: a pattern that a call must match to be counted. */
  | { readonly at: number; readonly how: "before" | "after" | "torn"; readonly only?: string }
  | { readonly milliseconds: number; readonly group: boolean }
  /** The first keeper, at a call of its own. */
  | { readonly keeperAt: number; readonly how: "before" | "after" | "torn" };

export interface TrialEnd {
  readonly trial: Trial;
  /** Empty when all is well. */
  readonly faults: readonly string[];
  /** Milliseconds from the start of each resume to its first event. */
  readonly recoveries: readonly number[];
  /** Times that a helper was killed. */
  readonly kills: number;
  readonly milliseconds: number;
  /** Where the project was kept, of a trial with faults. */
  readonly kept: string | null;
}

/** A trial made of its seed alone. */
export function randomTrial(seed: number, points: number): Trial {
  const random = makeRandom(seed);
  const scenario = random.int(0, 3);
  return { seed, scenario, kills: Array.from({ length: 8 }, (_, nth) => randomKill(random, nth === 0 ? points : 90)) };
}

function randomKill(random: Random, points: number): Kill {
  if (random.chance(0.25)) return { milliseconds: random.int(80, 1_500), group: random.chance(0.3) };
  return { at: random.int(1, points), how: random.pick(["before", "after", "torn"]) };
}

/** Runs a scenario, kills its supervisor as told, resumes it to its end, and looks at what became of it. */
export async function tryKill(cli: string, trial: Trial): Promise<TrialEnd> {
  const rig = makeRig(cli, scenarios[trial.scenario] ?? []);
  const trace = join(rig.root, "trace");
  const told: Told = { recoveries: [], faults: [], kills: 0 };
  const began = performance.now();
  try {
    await killAndResume(rig, trial, trace, told);
    told.faults.push(...faultsOf(rig));
  } catch (error) {
    told.faults.push(`torn: ${String(error)}`);
  }
  const { faults, recoveries, kills } = told;
  if (faults.length === 0) dropRig(rig);
  return {
    trial,
    faults,
    recoveries,
    kills,
    milliseconds: performance.now() - began,
    kept: faults.length === 0 ? null : rig.root,
  };
}

interface Told {
  readonly recoveries: number[];
  readonly faults: string[];
  kills: number;
}

async function killAndResume(rig: Rig, trial: Trial, trace: string, told: Told): Promise<void> {
  const { recoveries, faults } = told;
  let resumes = 0;
  for (const kill of trial.kills) {
    const fault = faultOf(rig, kill, trace);
    const beganAt = Date.now();
    const verb = currentRun(rig) === null ? ["run", "tasks.md"] : ["resume"];
    const helper = start(rig, verb, fault, true);
    const timer =
      "milliseconds" in kill
        ? setTimeout(() => {
            if (helper.child.pid !== undefined && helper.child.exitCode === null)
              process.kill(kill.group ? -helper.child.pid : helper.child.pid, "SIGKILL");
          }, kill.milliseconds)
        : undefined;
    const ended = await helper.left;
    clearTimeout(timer);
    if (ended.signal === "SIGKILL") told.kills += 1;
    if (verb[0] === "resume") recoveries.push(...recoveryOf(rig, beganAt));
    if (ended.signal === null && /error: (?!process)|^\s+at /m.test(ended.out))
      faults.push(`error: ${ended.out.trim()}`);
    faults.push(...waitsForNobody(rig, ended));
    if (ended.signal === null && eventsOf(rig).some(({ type }) => type === "finished")) break;
    if (ended.signal === null) await answerAll(rig);
  }
  for (;;) {
    const beganAt = Date.now();
    const isNew = currentRun(rig) === null;
    if (!isNew && eventsOf(rig).some(({ type }) => type === "finished") && !isHeld(rig)) break;
    const ended = await run(rig, isNew ? ["run", "tasks.md"] : ["resume"]);
    faults.push(...waitsForNobody(rig, ended));
    if (!isNew) recoveries.push(...recoveryOf(rig, beganAt));
    if (ended.code === 0) break;
    resumes += 1;
    if (/error: |^\s+at /m.test(ended.out) || resumes > 6) {
      faults.push(`error: the resume ended with ${ended.code}: ${ended.out.trim()}`);
      if (resumes > 3) break;
    }
    await answerAll(rig);
  }
}

function faultOf({ project: folder, root }: Rig, kill: Kill, trace: string): Fault | null {
  if ("at" in kill) return { folder, ...kill, trace };
  if (!("keeperAt" in kill)) return null;
  const keeper: Fault = { folder, at: kill.keeperAt, how: kill.how, once: join(root, "once"), trace };
  return { folder, at: 0, only: "^nothing$", keeper };
}

/** A helper that left for a person to go on, though no task asks one. */
function waitsForNobody({ kinds }: Rig, { out }: Ended): string[] {
  const asks = kinds.some((kind) => kind.endsWith(":ask"));
  return out.includes("waits for a person") && !asks ? [`error: it waits for nobody: ${out.trim()}`] : [];
}

/** A finished run whose last lines are missing is not closed yet: the boxes may lack. */
function isHeld(rig: Rig): boolean {
  const last = eventsOf(rig).findLast(({ type }) => type === "supervised" || type === "released");
  return last?.type === "supervised";
}

async function answerAll(rig: Rig): Promise<void> {
  const asked = eventsOf(rig).findLast((event) => event.type === "needs-input");
  if (asked?.type !== "needs-input") return;
  await run(rig, ["answer", asked.task, "it", "is", "blue"]);
}

/** Milliseconds from the start of a resume to its first event behind `supervised`; none when it never took the run over. */
function recoveryOf(rig: Rig, beganAt: number): number[] {
  const events = eventsOf(rig);
  const since = events.filter((event) => Date.parse(event.at) >= beganAt);
  const over = since.findIndex(({ type }) => type === "supervised");
  const first = over === -1 ? undefined : since[over + 1];
  return first === undefined ? [] : [Date.parse(first.at) - beganAt];
}

/** The calls that a scenario without any fault makes, in their order. */
export async function pointsOf(cli: string, scenario: number): Promise<string[]> {
  const rig = makeRig(cli, scenarios[scenario] ?? []);
  const trace = join(rig.root, "trace");
  await run(rig, ["run", "tasks.md"], { folder: rig.project, at: 0, trace });
  const points = readFileSync(trace, "utf8").trim().split("\n");
  dropRig(rig);
  return points;
}
