import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventsOf, faultsOf } from "./check.ts";
import { currentRun, dropRig, type Ended, type Fault, makeRig, run } from "./rig.ts";

/** Calls of the file system that can fail; git and the workers are their own masters. */
const calls = "^(open|write|fsync|writeFile|rename|mkdir|rm|watch|chmod) ";

export const systemErrors = ["ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE"] as const;

const list = ["T001 First", "T002:back Second (`T002.txt`)", "T003 Third (depends on T001, T002)"];

/** One call that failed, or all from it on, and how the run went on. */
export interface ErrorEnd {
  readonly name: string;
  readonly faults: readonly string[];
  /** What the helper said, when it gave up. */
  readonly said: string;
  readonly kept: string | null;
}

/** Whose calls fail: the supervisor's, or those of the processes that stand over its workers. */
export type Failing = "supervisor" | "keeper";

/** Calls of a run without any fault that can be made to fail; of keepers those of the one with the most. */
export async function failingPoints(cli: string, whose: Failing): Promise<number> {
  const rig = makeRig(cli, list);
  const trace = join(rig.root, "trace");
  await run(rig, ["run", "tasks.md"], faultIn(whose, { folder: rig.project, at: 0, only: calls, trace }));
  if (whose === "keeper") {
    const numbers = readFileSync(trace, "utf8").trim().split("\n").map(Number.parseFloat);
    dropRig(rig);
    return Math.max(...numbers);
  }
  const points = readFileSync(trace, "utf8").trim().split("\n").length;
  dropRig(rig);
  return points;
}

/**
 * Lets call number `at` fail, once or from then on, then resumes without any fault. The first must say what is wrong in a sentence
 * and end by itself; the second must come to the end with nothing lost or done twice.
 */
export async function tryError(
  cli: string,
  at: number,
  how: (typeof systemErrors)[number],
  lasting: boolean,
  whose: Failing = "supervisor",
): Promise<ErrorEnd> {
  const rig = makeRig(cli, list);
  const trace = join(rig.root, "trace");
  const fault = faultIn(whose, { folder: rig.project, at, how, only: calls, lasting, trace });
  const faults: string[] = [];
  const first = await run(rig, ["run", "tasks.md"], fault);
  if (first.signal !== null) faults.push(`error: ended by ${first.signal}`);
  if (isTrace(first)) faults.push(`error: a stack trace: ${first.out}`);
  if (first.code !== 0 && !first.out.includes(how) && whose === "supervisor")
    faults.push(`error: does not say ${how}: ${first.out}`);
  for (let tries = 0; first.code !== 0 && tries < 4; tries += 1) {
    const isNew = currentRun(rig) === null;
    const again = await run(rig, isNew ? ["run", "tasks.md"] : ["resume"]);
    if (again.code === 0) break;
    // A task that failed for the disk's sake is tried again when a person says so.
    await run(rig, ["retry"]);
    if (tries === 3) faults.push(`error: the resume ended with ${again.code}: ${again.out}`);
  }
  // A box that the system did not let us write is said in the journal, and left.
  const said = eventsOf(rig).some((event) => event.type === "not-ticked");
  const allowed = (fault: string): boolean =>
    fault.includes('"type":"failed"') || (said && fault.includes("the list reads"));
  faults.push(...faultsOf(rig).filter((fault) => !allowed(fault)));
  const hit = existsSync(trace) ? (readFileSync(trace, "utf8").split("\n")[0] ?? "") : "";
  if (faults.length === 0) dropRig(rig);
  return {
    name: `${whose}: ${how} ${lasting ? "from" : "at"} ${at} (${hit})`,
    faults,
    said: first.code === 0 ? "" : (first.out.trim().split("\n").at(-1) ?? ""),
    kept: faults.length === 0 ? null : rig.root,
  };
}

function faultIn(whose: Failing, fault: Fault): Fault {
  // A keeper goes on trying to write its worker's end down until it can.
  return whose === "supervisor"
    ? fault
    : { folder: fault.folder, at: 0, only: "^nothing$", keeper: { ...fault, seconds: 3 } };
}

function isTrace({ out }: Ended): boolean {
  return /^\s+at .*:\d+:\d+\)?$/m.test(out);
}
