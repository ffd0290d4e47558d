import { resolve } from "node:path";
import { applyEdits } from "../lists/write/edits.ts";
import { replaceText } from "../lists/write/replaceText.ts";
import { lint, type Linted } from "../lists/lint/lint.ts";
import type { PlanFailure } from "../model/plan.ts";
import { countDiagnostics, showDiagnostics } from "../show/diagnostics.ts";
import { count } from "../text/layout.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { withIssue } from "./issues.ts";
import { linkList, planRequest, projectOf, readList, styleOf, type PlanRequest } from "./load.ts";
import { wrongUse } from "./wrongUse.ts";

/** `lint PATH… [--fix]`: what a person should mend; with `--fix` what is safe is mended first. Exit code 1 when something is left. */
export async function run(input: Invocation): Promise<Answer> {
  const { positionals, options, world } = input;
  if (positionals.length === 0)
    return wrongUse("`lint` needs a source, expected a file or a folder; for example `lint specs/007/tasks.md`");
  const fix = options["fix"] === true;
  if (fix && positionals.includes("-"))
    return wrongUse("`--fix` changes files, and `-` is none; name the file, or leave `--fix` out");
  const asked = planRequest(positionals, input);
  if ("code" in asked) return asked;
  const request = await withIssue(asked, world);
  if ("code" in request) return request;
  if (fix && request.issue !== undefined)
    return wrongUse("`--fix` changes files, and an issue is none; leave `--fix` out");
  let { texts, linted } = look(request, world);
  let mended = "";
  if (fix && linted.mends.length > 0) {
    const notes = [...texts].flatMap(([file, text]) => mend(file, text, linted, world));
    mended = notes.map((note) => `${note}\n`).join("");
    ({ texts, linted } = look(request, world));
  }
  const { diagnostics } = linted;
  const code = diagnostics.length === 0 ? 0 : 1;
  if (options["json"] === true) {
    const out = { schema: 1, diagnostics: [...diagnostics] } satisfies PlanFailure;
    return { out: `${JSON.stringify(out, null, 2)}\n`, err: mended, code };
  }
  const safe = linted.mends.length > 0 ? `; \`--fix\` mends ${linted.mends.length} of them` : "";
  const end = diagnostics.length === 0 ? "Nothing to mend.\n" : `${countDiagnostics(diagnostics)}${safe}.\n`;
  return { out: `${mended}${showDiagnostics(diagnostics, texts, styleOf(world))}${end}`, err: "", code };
}

function look(request: PlanRequest, world: World): { texts: Map<string, string>; linted: Linted } {
  const texts = new Map<string, string>();
  const project = projectOf(request.project, world);
  const list = readList(request, texts, world);
  const own = new Map(texts);
  const linked = linkList(list, request, project, texts);
  return { texts, linted: lint(own, list, linked.ok ? { ok: true, value: linked.value.linked } : linked) };
}

function mend(file: string, text: string, { mends }: Linted, world: World): string[] {
  const own = mends.filter((edit) => edit.file === file);
  if (own.length === 0) return [];
  const left = replaceText(resolve(world.cwd, file), text, applyEdits(text, own));
  return [left === null ? `${file}: ${count(own.length, "change")} made` : `${file}: left alone: ${left}`];
}
