import { openRun } from "../run/store.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import type { Answer, Invocation } from "./command.ts";
import { projectOf, styleOf, text } from "./load.ts";
import { inForeground } from "./runList.ts";
import { wrongUse } from "./wrongUse.ts";

/** The process behind `--detach`: supervises a run that was started, and stays while only a person can go on. */
export function run({ positionals, options, world }: Invocation): Promise<Answer> {
  const [id] = positionals;
  if (id === undefined || !/^r[a-z0-9]+$/.test(id))
    return Promise.resolve(wrongUse("`supervise` needs the name of a run"));
  const opened = openRun(projectOf(text(options["project"]), world), id);
  return Promise.resolve(
    opened.ok
      ? inForeground(opened.value, world, "", true)
      : { out: "", err: showDiagnostics(opened.diagnostics, new Map(), styleOf(world)), code: 1 },
  );
}
