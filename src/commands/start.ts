import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { dispatch } from "../run/dispatch.ts";
import { checkTree } from "../engines/session/checks.ts";
import { news } from "../engines/session/news.ts";
import { createRun, type Beginning, type Run } from "../run/store.ts";
import { workflowScript } from "../engines/session/workflow.ts";
import { quotedCommand } from "../text/fence.ts";
import { writeAtomic } from "../process/writeAtomic.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import type { Answer, Invocation } from "./command.ts";
import { allowCommands, approvalOf } from "./approval.ts";
import { insideWorker } from "./insideWorker.ts";
import { withIssue } from "./issues.ts";
import { loadPlan, planRequest, projectOf, styleOf, text } from "./load.ts";
import { isAnswer, said, sessionOf } from "./openRun.ts";
import { answersByText, fromProject, mayBegin, overtaken, staleness } from "./starting.ts";
import { wrongUse } from "./wrongUse.ts";

/** Starts a run in the session that calls, after the checks of the whole tree have shown what was red before. */
export async function run(input: Invocation): Promise<Answer> {
  const nested = insideWorker(input.world);
  if (nested !== null) return nested;
  const session = sessionOf(input);
  if (session === null)
    return wrongUse(
      "`start` runs inside Claude Code, which has the agents; type `/orchestrate start …` there. `plan` previews the same list here",
    );
  if (input.positionals.length === 0) return wrongUse("`start` needs a task list; write `start tasks.md`");
  const asked = planRequest(input.positionals, input);
  if (isAnswer(asked)) return asked;
  const project = projectOf(asked.project, input.world);
  const busy = mayBegin(project);
  if (isAnswer(busy)) return busy;

  const named = await withIssue(asked, input.world);
  if (isAnswer(named)) return named;
  const request = fromProject(named, project, input.world);
  const loaded = loadPlan(request, { ...input.world, cwd: project });
  if (!loaded.outcome.ok)
    return { out: "", err: showDiagnostics(loaded.outcome.diagnostics, loaded.texts, styleOf(input.world)), code: 1 };
  const plan = loaded.outcome.value;
  const stale = staleness(plan, request, text(input.options["expect"]), { ...input.world, cwd: project });
  if (stale !== null) return stale;
  const todo = plan.batches.flat().length;
  if (todo === 0) return said("Nothing to do: every task of the list is done, cancelled or deferred.");

  const engine = text(input.options["engine"]) ?? "session";
  if (engine !== "session" && engine !== "workflow")
    return wrongUse(`unexpected \`--engine ${engine}\`, expected \`session\` or \`workflow\``);
  const allowed = await allowCommands(
    approvalOf(plan, project, input.world),
    text(input.options["allow-commands"]),
    input.world,
  );
  if (isAnswer(allowed)) return allowed;
  const asking = {
    sources: request.sources,
    format: request.format,
    tasks: request.tasks,
    only: request.only,
    flags: request.flags,
    answers: answersByText(plan),
  };
  const beginning: Beginning = { session, engine, asked: asking };
  const started = createRun(project, plan, beginning, { seen: busy.seen, issue: request.issue?.snapshot });
  if (started === null) return overtaken(project);
  const { run: ready } = await checkTree(started, "baseline");
  const red = ready.state.checks.filter((check) => check.result !== "passed");
  const warned =
    red.length === 0
      ? []
      : [
          `Red before anything began, and so nobody's fault: ${red.map((check) => quotedCommand(check.command)).join(", ")}.`,
        ];
  const heldBack = todo - dispatch(ready.index, ready.state).length;
  return said(
    [
      `Run ${ready.state.run} is started: ${todo} ${todo === 1 ? "task" : "tasks"}, at most ${plan.config.maxWorkers} at once${heldBack > 0 ? "; the rest follows as tasks end" : ""}.`,
      ...allowed.said,
      ...warned,
      engine === "workflow" ? launchWorkflow(ready, input.world.cli) : news(ready),
    ].join("\n"),
  );
}

/** Writes the script of the rest of the run, and says the one call that launches it. */
function launchWorkflow(run: Run, helper: string): string {
  const path = join(run.folder, "workflow.js");
  writeAtomic(path, workflowScript(run, helper, `w${randomBytes(4).toString("hex")}`));
  return `Launch it now with this call, exactly as written, and end your turn; you are told when it ends:\nWorkflow({scriptPath: ${JSON.stringify(path)}})`;
}
