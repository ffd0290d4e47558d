import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { integrationBranch } from "../../src/git/names.ts";
import { parseJournal } from "../../src/run/parse.ts";
import type { Event } from "../../src/model/event.ts";
import { currentRun, git, type Rig } from "./rig.ts";

export function journalOf(rig: Rig): string {
  return join(rig.project, ".orchestrate/runs", currentRun(rig) ?? "none", "events.jsonl");
}

/** The events of the newest run; throws when the journal is damaged. */
export function eventsOf(rig: Rig): readonly Event[] {
  const path = journalOf(rig);
  if (!existsSync(path)) return [];
  const journal = parseJournal(readFileSync(path));
  if ("damagedLine" in journal) throw new Error(`line ${journal.damagedLine} of the journal is damaged`);
  return journal.events;
}

/** Everything that must hold of a project whose run came to its end. Empty when all of it does. */
export function faultsOf(rig: Rig): string[] {
  const ids = rig.kinds.map((kind) => kind.split(":")[0] ?? "");
  let events: readonly Event[];
  try {
    events = eventsOf(rig);
  } catch (error) {
    return [`torn: ${String(error)}`];
  }
  const early = journalFaults(events, ids);
  // Without a merge there is no branch to look at.
  if (early.some((fault) => fault.includes("is not merged"))) return [...early, ...leftovers(rig, events)];
  return [
    ...early,
    ...historyFaults(rig, ids),
    ...witnessFaults(rig, events),
    ...checkoutFaults(rig),
    ...leftovers(rig, events),
  ];
}

function journalFaults(events: readonly Event[], ids: readonly string[]): string[] {
  const faults: string[] = [];
  for (const id of ids) {
    const merged = events.filter((event) => event.type === "merged" && event.task === id).length;
    if (merged === 0) faults.push(`lost: ${id} is not merged`);
    if (merged > 1) faults.push(`doubled: ${id} was merged ${merged} times`);
    const done = events.findIndex((event) => event.type === "merged" && event.task === id);
    const again = events.slice(done + 1).some((event) => event.type === "dispatched" && event.task === id);
    if (done !== -1 && again) faults.push(`doubled: ${id} was launched after it was merged`);
  }
  const failed = events.find(
    (event) => event.type === "failed" || (event.type === "conflicted" && event.next === "person"),
  );
  if (failed !== undefined) faults.push(`lost: ${JSON.stringify(failed)}`);
  const last = events.findLast((event) => event.type === "finished");
  if (last?.type !== "finished" || !last.ok) faults.push("lost: the run is not finished");
  return faults;
}

/** The integration branch holds each task's merge exactly once, and its work. */
function historyFaults(rig: Rig, ids: readonly string[]): string[] {
  const run = currentRun(rig) ?? "";
  const format = "--format=%(trailers:key=Orchestrate-Task,valueonly)";
  const log = git(rig.project, "log", "--first-parent", format, `${rig.base}..${integrationBranch(run)}`);
  const tasks = log.split("\n").filter((line) => line !== "");
  const faults = ids.flatMap((id) => {
    const times = tasks.filter((task) => task === id).length;
    return times === 1 ? [] : [`${times === 0 ? "lost" : "doubled"}: ${id} is ${times} times in the history`];
  });
  const files = git(rig.project, "ls-tree", "-r", "--name-only", integrationBranch(run)).split("\n");
  const shared = git(rig.project, "show", `${integrationBranch(run)}:shared.txt`).split("\n");
  for (const id of ids)
    if (
      rig.kinds.includes(`${id}:meet`)
        ? shared.filter((line) => line === id).length !== 1
        : !files.includes(`${id}.txt`)
    )
      faults.push(`lost: the work of ${id} is not in the integration branch`);
  return faults;
}

/** No two workers of one task at once, and none that began after its task's work was accepted. */
function witnessFaults({ witness }: Rig, events: readonly Event[]): string[] {
  const lines = readFileSync(witness, "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const faults = lines
    .filter(([what]) => what === "double")
    .map((line) => `doubled: two workers at once: ${line.join(" ")}`);
  const starts = lines.filter(([what]) => what === "start");
  const claims = new Map<string, number>();
  for (const [, , claim = ""] of starts) claims.set(claim, (claims.get(claim) ?? 0) + 1);
  for (const [claim, times] of claims) if (times > 1) faults.push(`doubled: the claim ${claim} ran ${times} times`);
  const refused = new Set(starts.map(([, , claim]) => claim));
  for (const event of events) if (event.type === "dispatched") refused.delete(event.claim);
  for (const claim of refused) faults.push(`doubled: a worker ran without a claim in the journal: ${String(claim)}`);
  return faults;
}

/** In the person's checkout only the boxes changed. */
function checkoutFaults({ project, list, base }: Rig): string[] {
  const faults: string[] = [];
  const path = join(project, "tasks.md");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "nothing: it is gone";
  if (text !== list.replaceAll("- [ ]", "- [x]")) faults.push(`torn: the list reads ${JSON.stringify(text)}`);
  const status = git(project, "status", "--porcelain", "--untracked-files=all");
  if (status !== " M tasks.md\n") faults.push(`torn: the checkout has ${JSON.stringify(status)}`);
  if (git(project, "rev-parse", "HEAD", "--symbolic-full-name", "HEAD") !== `${base}\nrefs/heads/main\n`)
    faults.push("torn: HEAD moved");
  return faults;
}

/** Processes that hold a token of the run, locks, half-written files. */
function leftovers(rig: Rig, events: readonly Event[]): string[] {
  const tokens = new Set(tokensIn(events));
  const orphans = processesWith(tokens).map((pid) => `orphan: process ${pid}`);
  const ours = readdirSync(join(rig.project, ".orchestrate"), { recursive: true, encoding: "utf8" });
  // A start that was killed before its first event leaves a folder that nothing points to.
  const own = (path: string): boolean => !path.startsWith("runs/") || path.startsWith(`runs/${currentRun(rig)}/`);
  const half = ours.filter((path) => path.endsWith(".tmp") && !path.includes("/tmp/") && own(path));
  const locks = readdirSync(join(rig.project, ".git"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".lock"),
  );
  return [...orphans, ...half.map((path) => `leftover: ${path}`), ...locks.map((path) => `leftover: .git/${path}`)];
}

export function tokensIn(events: readonly Event[]): string[] {
  return events.flatMap((event) =>
    event.type === "dispatched" ? event.claim : event.type === "supervised" ? event.token : [],
  );
}

/** Processes in whose environment one of these tokens stands. */
export function processesWith(tokens: ReadonlySet<string>): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "latin1").split("\0");
      const token = environment
        .find((entry) => entry.startsWith("ORCHESTRATE_TOKEN="))
        ?.slice("ORCHESTRATE_TOKEN=".length);
      return token !== undefined && tokens.has(token) && environment.length > 1 ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
