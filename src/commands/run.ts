import { relative, resolve } from "node:path";
import { repositoryProblem } from "../git/problem.ts";
import { Plan } from "../model/plan.ts";
import { planHash } from "../plan/hash.ts";
import { textOfRegular } from "../process/readRegular.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import { visible } from "../text/escape.ts";
import { showPreview } from "../show/preview.ts";
import { createRun } from "../run/store.ts";
import type { Started } from "../model/event.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { allowCommands, approvalOf, unallowed } from "./approval.ts";
import { insideWorker } from "./insideWorker.ts";
import { withIssue } from "./issues.ts";
import { loadPlan, planRequest, projectOf, styleOf, text, type PlanRequest } from "./load.ts";
import { notSeen } from "./notSeen.ts";
import { isAnswer, said } from "./openRun.ts";
import { otherOptions } from "./otherOptions.ts";
import {
  answersByText,
  fromProject,
  inWorktrees,
  leftBehind,
  mayBegin,
  overtaken,
  staleness,
  timeoutIn,
} from "./starting.ts";
import { inBackground, inForeground } from "./runList.ts";
import { version } from "./version.ts";
import { wrongUse } from "./wrongUse.ts";

/** Runs a list, or a plan that was made of one, with headless workers. */
export function run(input: Invocation): Promise<Answer> {
  return start(input);
}

async function start(input: Invocation): Promise<Answer> {
  const { options, world, positionals } = input;
  const nested = insideWorker(world);
  if (nested !== null) return nested;
  if (positionals.length === 0) return wrongUse("`run` needs a task list, an issue or a plan; write `run tasks.md`");
  const asked = planRequest(positionals, input);
  if (isAnswer(asked)) return asked;
  const timeout = timeoutIn(options);
  if (isAnswer(timeout)) return timeout;
  const project = projectOf(asked.project, world);
  const flags = { ...asked.flags, ...timeout };
  const named = await withIssue({ ...asked, flags: { ...flags, ...inWorktrees } }, world);
  if (isAnswer(named)) return named;
  const request = fromProject(named, project, world);
  const made = await planFrom(request, positionals, project, world);
  if ("code" in made) return made;
  const { plan } = made;
  const aside = otherOptions(asked.project, world);
  if (options["dry-run"] === true)
    return said(
      [
        ...aside,
        showPreview(plan, styleOf(world), options["why"] === true, true),
        ...unallowed(approvalOf(plan, project, world)),
        ...notSeen(project, plan),
      ].join("\n"),
    );
  const stale = staleness(plan, request, text(options["expect"]), { ...world, cwd: project });
  if (stale !== null) return stale;
  const todo = plan.batches.flat().length;
  if (todo === 0) return said("Nothing to do: every task of the list is done, cancelled or deferred.");
  const problem = await repositoryProblem(project);
  if (problem !== null) return { out: "", err: `error: ${problem} [unfit-repository]\n`, code: 1 };
  const started: Started["asked"] = {
    sources: made.issue === undefined ? request.sources : plan.source,
    format: request.format,
    tasks: request.tasks,
    only: request.only,
    flags,
    answers: answersByText(plan),
  };
  const open = mayBegin(project);
  if (isAnswer(open)) return open;
  const left = leftBehind(project);
  const allowed = await allowCommands(approvalOf(plan, project, world), text(options["allow-commands"]), world);
  if (isAnswer(allowed)) return allowed;
  const opened = createRun(
    project,
    plan,
    { session: null, engine: "headless", asked: started, base: plan.base },
    { seen: open.seen, issue: made.issue?.snapshot, program: { path: world.cli, version } },
  );
  if (opened === null) return overtaken(project);
  const lines = [
    ...aside,
    ...left,
    `Run ${opened.state.run} is started: ${todo} ${todo === 1 ? "task" : "tasks"}, at most ${plan.config.maxWorkers} at once, from commit ${(plan.base ?? "").slice(0, 10)}.`,
    ...allowed.said,
    ...notSeen(project, plan),
  ];
  if (options["detach"] !== true) return inForeground(opened, world, `${lines.join("\n")}\n`);
  await inBackground(opened, world);
  return said(
    [
      ...lines,
      "It runs in the background: `watch` shows it, `status` and `inbox` say how it stands, `stop` ends it.",
    ].join("\n"),
  );
}

/** The plan in a file of its own, exactly as it was made, or the plan of the list as it is now. */
async function planFrom(
  request: PlanRequest,
  positionals: readonly string[],
  project: string,
  world: World,
): Promise<{ plan: Plan; issue: PlanRequest["issue"] } | Answer> {
  const [only = ""] = positionals;
  const written = positionals.length === 1 && only.endsWith(".json") ? planIn(resolve(world.cwd, only)) : null;
  if (written === null) {
    const loaded = loadPlan(request, { ...world, cwd: project });
    if (loaded.outcome.ok) return { plan: loaded.outcome.value, issue: request.issue };
    return { out: "", err: showDiagnostics(loaded.outcome.diagnostics, loaded.texts, styleOf(world)), code: 1 };
  }
  const name = visible(relative(world.cwd, resolve(world.cwd, only)));
  if (!written.ok)
    return {
      out: "",
      err: `error: ${name} is a plan that was changed after it was made: ${written.reason}; make it again with \`plan --json\` [stale-plan]\n`,
      code: 1,
    };
  const again = await withIssue(
    { ...request, sources: written.plan.source, flags: { ...request.flags, ...written.plan.config } },
    { ...world, cwd: project },
  );
  if (isAnswer(again)) return again;
  const now = loadPlan(again, { ...world, cwd: project });
  const base = now.outcome.ok ? now.outcome.value.base : null;
  const ids = (plan: Plan): string => plan.tasks.map((task) => `${task.id} ${task.title} ${task.status}`).join("\n");
  if (!now.outcome.ok || base !== written.plan.base || ids(now.outcome.value) !== ids(written.plan)) {
    return {
      out: "",
      err: `error: the list or the repository changed since ${name} was made; make it again with \`plan --json\` [stale-plan]\n`,
      code: 1,
    };
  }
  return { plan: written.plan, issue: again.issue };
}

/** A file as a plan; null when it is something else, such as a task list in JSON. */
function planIn(path: string): { ok: true; plan: Plan } | { ok: false; reason: string } | null {
  let value: unknown;
  try {
    value = JSON.parse(textOfRegular(path) ?? "");
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("hash" in value && "tasks" in value && "edges" in value))
    return null;
  const parsed = Plan.safeParse(value);
  if (!parsed.success) return { ok: false, reason: parsed.error.issues[0]?.message ?? "it is not of the form" };
  // Over the words of the file: reading it may put them in another order.
  return planHash(value) === parsed.data.hash
    ? { ok: true, plan: value as Plan }
    : { ok: false, reason: "its hash does not match" };
}
