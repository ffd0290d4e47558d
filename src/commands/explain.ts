import { explain } from "../link/explain.ts";
import type { Plan } from "../model/plan.ts";
import { visible } from "../text/escape.ts";
import { wrap } from "../text/layout.ts";
import { readCurrent } from "../run/current.ts";
import { openRun } from "../run/store.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { failed, loadPlan, planRequest, projectOf, styleOf, text } from "./load.ts";
import { withIssue } from "./issues.ts";
import { nearest } from "../text/nearest.ts";
import { findLists } from "./sources.ts";
import { wrongUse } from "./wrongUse.ts";

/** `explain SOURCE A B`, or `explain A B` of the run's plan, or else of the only list of the project. */
export async function run(input: Invocation): Promise<Answer> {
  const { positionals, world, options } = input;
  if (positionals.length < 2)
    return wrongUse("`explain` needs two tasks, for example `explain specs/007/tasks.md T003 T007`");
  const [a = "", b = ""] = positionals.slice(-2);
  const sources = positionals.slice(0, -2);
  if (sources.length === 0) {
    const project = projectOf(text(options["project"]), world);
    const running = runningPlan(project, world);
    if (running !== null) return "code" in running ? running : explained(running, a, b, world);
    const lists = findLists(project);
    const [only] = lists;
    if (only === undefined || lists.length > 1) {
      const found =
        only === undefined ? "no list was found" : `there are ${lists.length} lists: ${lists.slice(0, 5).join(", ")}`;
      return wrongUse(`\`explain ${a} ${b}\` has no run to look at and ${found}; write \`explain SOURCE ${a} ${b}\``);
    }
    sources.push(only);
  }
  const asked = planRequest(sources, input);
  if ("code" in asked) return asked;
  const request = await withIssue(asked, world);
  if ("code" in request) return request;
  const { outcome, texts } = loadPlan(request, world);
  return outcome.ok ? explained(outcome.value, a, b, world) : failed(outcome.diagnostics, texts, world);
}

/** The plan of the project's newest run; null when there is none. */
function runningPlan(project: string, world: World): Plan | Answer | null {
  const current = readCurrent(project);
  if (current === null) return null;
  const opened = openRun(project, current.run);
  return opened.ok ? opened.value.plan : failed(opened.diagnostics, new Map(), world);
}

function explained(plan: Plan, a: string, b: string, world: World): Answer {
  const ids = plan.tasks.map((task) => task.id);
  for (const id of [a, b]) {
    if (ids.includes(id)) continue;
    const near = ids.find((each) => each.toLowerCase() === id.toLowerCase()) ?? nearest(id, ids);
    const hint =
      near === null
        ? `expected one of ${ids.slice(0, 12).join(", ")}${ids.length > 12 ? ", …" : ""}`
        : `did you mean \`${near}\`?`;
    return {
      out: "",
      err: `error: there is no task \`${visible(id)}\` in ${plan.source.map(visible).join(", ")}; ${visible(hint)}\n`,
      code: 1,
    };
  }
  const alone = plan.tasks.flatMap((task) => (task.alone === null ? [] : [{ task: task.id, reason: task.alone }]));
  const { width } = styleOf(world);
  const lines = explain(
    {
      tasks: plan.tasks,
      edges: plan.edges,
      overruled: plan.overruled,
      locks: plan.locks,
      alone,
      questions: plan.questions,
    },
    a,
    b,
  );
  return { out: `${lines.flatMap((line) => wrap(visible(line), width, "  ")).join("\n")}\n`, err: "", code: 0 };
}
