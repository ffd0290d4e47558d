import { runningTasks } from "../run/whyNot.ts";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Event, WorkPlace } from "../model/event.ts";
import type { ConfigInput } from "../model/config.ts";
import type { Plan } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";
import { news } from "../engines/session/news.ts";
import { clientLives } from "../engines/session/onSession.ts";
import { baseCommit } from "../git/baseCommit.ts";
import { changedPaths } from "../git/changes.ts";
import { lookNow } from "../git/ledger.ts";
import { integrationBranch } from "../git/names.ts";
import { branchTrouble } from "../git/runBranch.ts";
import { repositoryProblem } from "../git/problem.ts";
import { endKeeper } from "../engines/headless/effects/endKeeper.ts";
import { isOurs } from "../engines/headless/engine/place.ts";
import { isSupervised } from "../engines/headless/effects/orphans.ts";
import { bundleOf, copyProgram } from "../run/bundle.ts";
import { matchTasks } from "../run/matchTasks.ts";
import { claimProject } from "../run/projectClaim.ts";
import { now, record, writeCurrent, writePlan, type Run } from "../run/store.ts";
import { tickDone } from "../run/tick.ts";
import { byCopy, carrierOf } from "./byCopy.ts";
import type { Answer, Invocation } from "./command.ts";
import { allowCommands, approvalOf } from "./approval.ts";
import { insideWorker } from "./insideWorker.ts";
import { visible } from "../text/escape.ts";
import { quoted } from "../text/fence.ts";
import { frozenIssue } from "./issues.ts";
import { loadPlan, planRequest, text } from "./load.ts";
import { isAnswer, namedRun, newestRun, said, sessionOf } from "./openRun.ts";
import { closing, inBackground, inForeground } from "./runList.ts";
import { inWorktrees, mayBegin, overtaken, timeoutIn } from "./starting.ts";
import { version } from "./version.ts";
import { wrongUse } from "./wrongUse.ts";

/**
 * Goes on with the newest run in the session that calls: after a stop, after the client was killed, in another session. What
 * is done stays done; what was running in a client that is gone starts again. The list is read anew: when it says something
 * else now, the run goes on with a new revision of the plan.
 */
export function run(input: Invocation): Promise<Answer> {
  return resume(input);
}

async function resume(input: Invocation): Promise<Answer> {
  const nested = insideWorker(input.world);
  if (nested !== null) return nested;
  const [name] = input.positionals;
  const opened = name === undefined ? newestRun(input) : namedRun(name, input);
  if (isAnswer(opened)) return opened;
  const other = mayBegin(opened.project, opened.state.run);
  if (isAnswer(other)) return other;
  const engine = text(input.options["engine"]) ?? (opened.state.engine === "headless" ? "headless" : "session");
  if (engine !== "headless" && engine !== "session")
    return wrongUse(`unexpected \`--engine ${engine}\`, expected \`session\` or \`headless\``);
  const carrier = engine === "headless" && opened.state.engine === engine ? carrierOf(opened, input) : null;
  if (carrier?.by === "copy") return byCopy(carrier, opened, input);
  const isOver = opened.state.finished !== null && opened.state.engine === engine;
  if (isOver && !hasMore(opened, revise(opened, input, engine, await frozenIssue(opened, input.world)).plan)) {
    const ticks = tickDone(opened, true);
    const ended = ticks.length === 0 ? opened : record(opened, ticks);
    return said(engine === "session" ? news(ended) : closing(ended, "finished"));
  }
  if (engine === "headless") return resumeHeadless(opened, input, other.seen, carrier?.note ?? []);
  const unready = opened.state.engine === "headless" ? whyNotInSession(opened) : null;
  return unready === null
    ? resumeInSession(opened, input, await frozenIssue(opened, input.world), other.seen)
    : { out: "", err: `error: ${unready}\n`, code: 1 };
}

/** Whether the list has tasks to do that a finished run has never had. */
function hasMore({ state }: Run, plan: Plan): boolean {
  return plan.tasks.some((task) => isOpen(task) && !state.tasks.has(task.id));
}

async function resumeInSession(opened: Run, input: Invocation, frozen: Frozen, seen: string | null): Promise<Answer> {
  const session = sessionOf(input);
  if (session === null)
    return wrongUse("`resume` runs inside Claude Code, which has the agents; type `/orchestrate resume` there");
  const { state } = opened;
  const running = runningTasks(state);
  // After `/clear` the session is new and the client is the same: its workers are our own.
  const own = Number(input.world.env["CLAUDE_PID"]);
  const alive =
    state.session === session
      ? []
      : running.filter((task) => clientLives(opened, task) && state.tasks.get(task)?.client?.pid !== own);
  if (alive.length > 0) {
    return {
      out: "",
      err: `error: ${alive.join(", ")} of run ${state.run} still run in another session that is alive; stop the run there first (\`/orchestrate stop\`) [run-elsewhere]\n`,
      code: 1,
    };
  }
  // After a stop the session was told to end its workers: whoever is left is not waited for.
  const gone = running.filter((task) => state.stopped !== null || !clientLives(opened, task));
  const { plan, note, held } = revise(opened, input, "session", frozen);
  const allowed = await allow(plan, opened.project, input);
  if (isAnswer(allowed)) return allowed;
  if (claimProject(opened.project, state.run, seen) !== state.run) return overtaken(opened.project);
  writePlan(opened.folder, plan);
  const events: Event[] = [
    ...gone.map((task): Event => ({
      type: "lost",
      at: now(),
      task,
      reason: state.stopped === null ? "the client ended while it ran" : "it was stopped",
    })),
    { type: "adopted", at: now(), session, plan: plan.hash, engine: "session", held },
  ];
  const adopted = record(opened, events);
  const ticks = tickDone(adopted, true);
  const ready = ticks.length === 0 ? adopted : record(adopted, ticks);
  writeCurrent(opened.project, { run: state.run, session, engine: "session", open: true });
  return said(
    [
      ...note,
      ...allowed.said,
      ...(gone.length === 0 ? [] : [`${gone.join(", ")} did not come to an end and will start again.`]),
      news(ready),
    ].join("\n"),
  );
}

/** Goes on outside of any session: in this process, or behind it when a session or the person asks for that. */
async function resumeHeadless(
  found: Run,
  input: Invocation,
  seen: string | null,
  carried: readonly string[],
): Promise<Answer> {
  const other = found.state.supervisor;
  const isElsewhere = other !== null && other.host !== hostname();
  if (isElsewhere && input.options["take-over"] !== true)
    return {
      out: "",
      err: `error: process ${other.by.pid} on ${visible(other.host)} supervises run ${found.state.run}, which cannot be seen from here; if that machine is gone, or is this one under another name, \`resume --take-over\` [run-elsewhere]\n`,
      code: 1,
    };
  const opened = isElsewhere ? record(found, [{ type: "released", at: now(), token: other.token }]) : found;
  const { state } = opened;
  if (state.engine === "headless" && isSupervised(opened)) {
    const pid = state.supervisor?.by.pid ?? 0;
    if (state.stopped !== null)
      return {
        out: "",
        err: `error: process ${pid} is still ending the workers of run ${state.run}; try again in a few seconds [run-elsewhere]\n`,
        code: 1,
      };
    if (input.options["timeout"] !== undefined || input.options["max-workers"] !== undefined)
      return wrongUse(
        `process ${pid} supervises run ${state.run} with the limits that it has; \`stop\`, then \`resume\` with others`,
      );
    if (state.paused || state.limits.length > 0) record(opened, [{ type: "unpaused", at: now() }]);
    return said(`Run ${state.run} goes on: process ${pid} supervises it.`);
  }
  const from = state.engine === "headless" ? {} : { base: baseCommit(opened.project) };
  const unready =
    (await repositoryProblem(opened.project)) ?? (state.engine === "headless" ? null : whyNotHeadless(opened));
  if (unready !== null) return { out: "", err: `error: ${unready}\n`, code: 1 };
  const limits = limitsIn(input);
  if (isAnswer(limits)) return limits;
  const frozen = await frozenIssue(opened, input.world);
  const { plan, note, held } = revise(opened, input, "headless", frozen, limits);
  const allowed = await allow(plan, opened.project, input);
  if (isAnswer(allowed)) return allowed;
  if (claimProject(opened.project, state.run, seen) !== state.run) return overtaken(opened.project);
  writePlan(opened.folder, plan);
  const gone = state.engine === "headless" ? [] : runningTasks(state);
  const after = state.supervisor?.token ?? null;
  const dropped = await endDropped(opened, plan);
  const known = state.engine === "headless" && carried.length === 0 ? bundleOf(opened.events) : null;
  const bundle = known ?? copyProgram(input.world.cli, opened.folder, version);
  const adopted = record(opened, [
    ...gone.map((task): Event => ({ type: "lost", at: now(), task, reason: "its session handed the run over" })),
    ...dropped.map(({ task }): Event => ({ type: "cancelled", at: now(), task })),
    {
      type: "adopted",
      at: now(),
      session: null,
      plan: plan.hash,
      engine: "headless",
      after,
      held,
      ...from,
      ...(bundle === null ? {} : { bundle }),
    },
  ]);
  writeCurrent(opened.project, { run: state.run, session: null, engine: "headless", open: true });
  const left = dropped.map(
    ({ task, place }) =>
      `${task} is no longer in the list: its worker was ended, and its work stays in ${place.worktree}.`,
  );
  const lines = [
    ...carried,
    ...fromBefore(opened),
    ...note,
    ...allowed.said,
    ...left,
    `Run ${state.run} goes on, headless.`,
  ].join("\n");
  if (input.options["detach"] !== true && sessionOf(input) === null)
    return inForeground(adopted, input.world, `${lines}\n`);
  await inBackground(adopted, input.world);
  return said(`${lines} It runs in the background: \`watch\` shows it, \`stop\` ends it.`);
}

/** What becomes of a run that a version began whose worktrees this one does not work in: nothing of it is deleted. */
function fromBefore({ events, state }: Run): string[] {
  if (state.engine !== "headless" || bundleOf(events) !== null) return [];
  const anew = [...state.tasks].filter(
    ([, { place, status }]) => place !== null && !isOurs(place) && !["merged", "merging", "cancelled"].includes(status),
  );
  const stays = anew.flatMap(([, { place }]) => place?.worktree ?? []);
  return [
    `Run ${state.run} was begun by an earlier version. Merged: ${state.merged.length === 0 ? "nothing yet" : state.merged.map(visible).join(", ")}. The rest starts anew, from there, and nothing is deleted.`,
    ...(stays.length === 0
      ? []
      : [
          `What ${anew.map(([id]) => visible(id)).join(", ")} had begun stays in ${[...new Set(stays)].map(visible).join(", ")}, for you to look at.`,
        ]),
  ];
}

/** The commands of the plan to go on with may be others than those that the run was started with. */
function allow(plan: Plan, project: string, { options, world }: Invocation): ReturnType<typeof allowCommands> {
  return allowCommands(approvalOf(plan, project, world), text(options["allow-commands"]), world);
}

/** Ends the workers of tasks that the list no longer has: nobody would look after them any more. */
async function endDropped(run: Run, plan: Plan): Promise<{ task: string; place: WorkPlace }[]> {
  const kept = new Set(plan.tasks.map(({ id }) => id));
  const dropped = [...run.state.tasks].flatMap(([task, { claim, place }]) =>
    claim === null || place === null || kept.has(task) ? [] : { task, claim, place },
  );
  await Promise.all(dropped.map(({ claim, place }) => endKeeper(join(run.project, place.folder), claim)));
  return dropped;
}

/** Worktrees begin at a commit: what the session's tasks did must be in it, and what earlier headless tasks did. */
function whyNotHeadless(run: Run): string | null {
  const alive = runningTasks(run.state).filter((task) => run.state.stopped === null && clientLives(run, task));
  if (alive.length > 0)
    return `${alive.join(", ")} of run ${run.state.run} still run in a session that is alive; stop the run there first [run-elsewhere]`;
  const done = [...run.state.tasks.values()].filter((task) => task.status === "done").flatMap((task) => task.files);
  const dirty = (changedPaths(run.project) ?? []).filter((path) => done.includes(path));
  if (dirty.length === 0)
    return run.state.head === null || isMerged(run.project, run.state.head) ? null : unmerged(run);
  return `what the session's tasks did is not committed (${dirty.slice(0, 3).join(", ")}), and headless workers begin at a commit; commit it, then \`resume --engine headless\` [uncommitted-work]`;
}

/** A session works in the person's checkout: what the headless tasks did must be in it. */
function whyNotInSession(run: Run): string | null {
  const { state } = run;
  if (isSupervised(run))
    return `process ${state.supervisor?.by.pid ?? 0} supervises run ${state.run}; \`stop\` it first [run-elsewhere]`;
  const live = [...state.tasks].filter(([, task]) => task.claim !== null).map(([id]) => id);
  if (live.length > 0)
    return `workers of ${live.join(", ")} are not at their end; \`resume\` and \`stop\` first [run-elsewhere]`;
  if (state.head === null || isMerged(run.project, state.head)) return null;
  return unmerged(run);
}

function unmerged({ project, state }: Run): string {
  const { run, head } = state;
  const isThere = head === null || branchTrouble(project, run, head, true) === null;
  return `what the headless tasks did is not in this checkout yet; bring it here with \`git merge --no-ff ${isThere ? integrationBranch(run) : head}\`, then resume [unmerged-work]`;
}

function isMerged(project: string, commit: string): boolean {
  return lookNow(project, ["merge-base", "--is-ancestor", commit, "HEAD"]) !== null;
}

type Frozen = Awaited<ReturnType<typeof frozenIssue>>;

/** Tasks of which it is said that the list has another id for them. */
const mostRenamed = 8;

interface Revision {
  readonly plan: Plan;
  readonly note: string[];
  /** As in `adopted`. */
  readonly held: Readonly<Record<string, string>>;
}

/** The plan to go on with: the list as it is now, or the old plan when it says the same or cannot be planned any more. */
function revise(
  run: Run,
  input: Invocation,
  engine: "session" | "headless",
  frozen: Frozen,
  limits: ConfigInput = {},
): Revision {
  const started = run.events[0];
  if (started?.type !== "started") return { plan: run.plan, note: [], held: {} };
  const { flags: asked } = started.asked;
  const flags = engine === "headless" ? { ...asked, ...limits, ...inWorktrees } : asked;
  const loaded = loadPlan(
    { ...started.asked, flags, project: run.project, issue: frozen?.issue },
    { ...input.world, cwd: run.project },
  );
  const edited = frozen?.notes ?? [];
  if (!loaded.outcome.ok) {
    const first = loaded.outcome.diagnostics[0];
    return {
      plan: run.plan,
      held: {},
      note: [
        ...edited,
        `The list cannot be planned as it is now (${quoted(first?.message ?? "unknown")}): going on with the plan of before.`,
      ],
    };
  }
  const { plan, held, renamed } = matchTasks(run, loaded.outcome.value);
  const settled = new Set(
    [...run.state.tasks].flatMap(([id, { status }]) => (status === "done" || status === "merged" ? id : [])),
  );
  const list = asks(plan, settled);
  const same = list === asks(run.plan, settled) && JSON.stringify(plan.config) === JSON.stringify(run.plan.config);
  if (same) return { plan: run.plan, note: [...edited], held: {} };
  const what = list === asks(run.plan, settled) ? "The options" : "The list";
  return {
    plan,
    held,
    note: [
      ...edited,
      `${what} changed: going on with a new revision of the plan. What is done stays done.`,
      ...renamed
        .filter(({ id }) => plan.tasks.some((task) => task.id === id && isOpen(task)))
        .slice(0, mostRenamed)
        .map(({ listed, id }) => `What the list calls ${visible(listed)} now is ${visible(id)} in this run.`),
      ...Object.entries(held).map(
        ([id, was]) =>
          `${visible(id)} may be ${visible(was)} in other words: \`inbox\` shows both, and it waits until you say which.`,
      ),
    ],
  };
}

/** `--max-workers` and `--timeout`, which hold until the next `resume`: then what was asked for at the start holds again. */
function limitsIn(input: Invocation): ConfigInput | Answer {
  const asked = planRequest([], input);
  if (isAnswer(asked)) return asked;
  const timeout = timeoutIn(input.options);
  return isAnswer(timeout) ? timeout : { ...asked.flags, ...timeout };
}

/** What a plan asks for, without what ticking the boxes of the `settled` tasks changes. */
function asks(plan: Plan, settled: ReadonlySet<string>): string {
  return JSON.stringify({
    tasks: plan.tasks.map(({ id, status, title, body, files, resources, alone, verify, acceptance, box }) => ({
      id,
      // Where its box is found: a list that was renumbered has other words there.
      line:
        box === null
          ? null
          : [box.lineText.slice(0, box.column - 1), box.lineText.slice(box.column - 1 + box.was.length)],
      status: settled.has(id) ? null : status,
      title,
      body,
      files,
      resources,
      alone,
      verify,
      acceptance,
    })),
    edges: plan.edges.map(({ from, to }) => `${from} ${to}`).toSorted(),
    locks: plan.locks
      .map(({ on, holders }) => `${on} ${holders.map((holder) => `${holder.task}:${holder.amount}`).join(",")}`)
      .toSorted(),
  });
}
