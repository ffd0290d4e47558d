import type { PlanFailure } from "../model/plan.ts";
import type { Answer, Invocation } from "./command.ts";
import { failed, loadPlan, planRequest, styleOf } from "./load.ts";
import { countDiagnostics } from "../show/diagnostics.ts";
import { visibleJson } from "../text/escape.ts";
import { mermaid } from "../show/mermaid.ts";
import { showPreview } from "../show/preview.ts";
import { withIssue } from "./issues.ts";
import { otherOptions } from "./otherOptions.ts";
import { wrongUse } from "./wrongUse.ts";

/** `plan SOURCE…`: reads and shows; writes nothing. */
export async function run(input: Invocation): Promise<Answer> {
  const { positionals, options, world } = input;
  if (positionals.length === 0) {
    return wrongUse(
      "`plan` needs a source, expected a file, a folder, an issue or `-`; for example `plan specs/007/tasks.md`",
    );
  }
  if (options["json"] === true && options["mermaid"] === true)
    return wrongUse("`--json` and `--mermaid` exclude each other; leave one out");
  const asked = planRequest(positionals, input);
  if ("code" in asked) return asked;
  const request = await withIssue(asked, world);
  if ("code" in request) return request;
  const { outcome, texts } = loadPlan(request, world);
  const aside = otherOptions(request.project, world)
    .map((line) => `${line}\n`)
    .join("");
  if (!outcome.ok) {
    const answer = failed(outcome.diagnostics, texts, world);
    if (options["json"] === true)
      return { ...answer, out: json({ schema: 1, diagnostics: outcome.diagnostics } satisfies PlanFailure) };
    return { ...answer, err: `${aside}${answer.err}${countDiagnostics(outcome.diagnostics)}; nothing was planned.\n` };
  }
  if (options["json"] === true) return { out: json(outcome.value), err: aside, code: 0 };
  if (options["mermaid"] === true) return { out: mermaid(outcome.value), err: aside, code: 0 };
  return { out: showPreview(outcome.value, styleOf(world), options["why"] === true), err: aside, code: 0 };
}

function json(value: object): string {
  return `${visibleJson(JSON.stringify(value, null, 2))}\n`;
}
