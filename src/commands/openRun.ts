import type { Outcome } from "../model/diagnostic.ts";
import { readCurrent } from "../run/current.ts";
import { openRun, type Run } from "../run/store.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import { visible } from "../text/escape.ts";
import type { Answer, Invocation } from "./command.ts";
import { projectOf, styleOf, text } from "./load.ts";
import { runsOf } from "./pastRuns.ts";
import { wrongUse } from "./wrongUse.ts";

/** The newest run of the project, or the answer that says why there is none to speak of. */
export function newestRun({ options, world }: Invocation): Run | Answer {
  const project = projectOf(text(options["project"]), world);
  const current = readCurrent(project);
  if (current === null)
    return wrongUse(
      "no run was started in this project yet; `run LIST` starts one here, `/orchestrate LIST` one in Claude Code",
    );
  const run: Outcome<Run> = openRun(project, current.run);
  return run.ok ? run.value : { out: "", err: showDiagnostics(run.diagnostics, new Map(), styleOf(world)), code: 1 };
}

/** The run of that name, or the answer that says which there are. */
export function namedRun(name: string, { options, world }: Invocation): Run | Answer {
  const project = projectOf(text(options["project"]), world);
  const known = runsOf(project);
  if (!known.includes(name)) {
    const some = known.length === 0 ? "there is none" : `the newest are ${known.slice(0, 5).join(", ")}`;
    return wrongUse(`the project has no run \`${visible(name)}\`; ${some}`);
  }
  const run: Outcome<Run> = openRun(project, name);
  return run.ok ? run.value : { out: "", err: showDiagnostics(run.diagnostics, new Map(), styleOf(world)), code: 1 };
}

/** The session that calls: as told, else as the client's own environment says. Null in a plain terminal. */
export function sessionOf({ options, world }: Invocation): string | null {
  return text(options["session"]) ?? world.env["CLAUDE_CODE_SESSION_ID"] ?? null;
}

export function isAnswer(value: object): value is Answer {
  return "code" in value;
}

export function said(out: string, code: Answer["code"] = 0): Answer {
  return { out: out.endsWith("\n") ? out : `${out}\n`, err: "", code };
}
