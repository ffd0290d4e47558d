import { resolve } from "node:path";
import { annotate, type Annotated } from "../lists/write/annotate.ts";
import { replaceText } from "../lists/write/replaceText.ts";
import { findTask, nearestId, taskNames, type Names } from "../link/statements/resolve.ts";
import { visible } from "../text/escape.ts";
import type { Answer, Invocation } from "./command.ts";
import { failed, planRequest, readList, text } from "./load.ts";
import { wrongUse } from "./wrongUse.ts";

/** `annotate SOURCE TASK… --after IDS`: writes that the tasks wait for others into the list, in its format's own syntax. */
export async function run(input: Invocation): Promise<Answer> {
  const { positionals, options, world } = input;
  const [source, ...tasks] = positionals;
  const others = (text(options["after"]) ?? "").split(",").flatMap((id) => id.trim() || []);
  if (source === undefined || tasks.length === 0 || others.length === 0)
    return wrongUse(
      "`annotate` needs a list, tasks and what they wait for; for example `annotate tasks.md T007 --after T003,T005`",
    );
  if (source === "-") return wrongUse("`annotate` writes into a file, and `-` is none; name the file");
  const request = planRequest([source], input);
  if ("code" in request) return request;
  const texts = new Map<string, string>();
  const list = readList(request, texts, world);
  if (!list.ok) return failed(list.diagnostics, texts, world);
  const names = taskNames(list.value.tasks);
  const unknown = [...tasks, ...others].find((id) => findTask(names, id).length !== 1);
  if (unknown !== undefined) return wrongUse(notOne(names, unknown));
  const idOf = (written: string): string => names.tasks[findTask(names, written)[0] ?? 0]?.id ?? written;
  const waits = tasks.map((task) => ({ task: idOf(task), after: others.map(idOf) }));
  const made = annotate(texts, list.value, waits, request.format);
  if (!made.ok) {
    const answer = failed(made.diagnostics, texts, world);
    return { ...answer, err: `${answer.err}Nothing was written.\n` };
  }
  for (const [file, now] of made.value.texts) {
    const left = replaceText(resolve(world.cwd, file), texts.get(file) ?? "", now);
    if (left !== null)
      return { out: "", err: `error: \`${visible(file)}\` was left alone: ${visible(left)}\n`, code: 1 };
  }
  return { out: report(made.value), err: "", code: 0 };
}

function notOne(names: Names, id: string): string {
  const found = findTask(names, id);
  if (found.length > 1) {
    const ids = found.map((index) => `\`${visible(names.tasks[index]?.id ?? "")}\``);
    return `\`${visible(id)}\` may mean ${ids.join(", ")}; write the one that is meant`;
  }
  const near = nearestId(names, id);
  return `there is no task \`${visible(id)}\` in the list${near === null ? "" : `; did you mean \`${visible(near)}\`?`}`;
}

function report({ texts, written }: Annotated): string {
  if (written.length === 0) return "The list says so already; nothing was written.\n";
  const lines = written.map(
    ({ task, after }) => `\`${visible(task)}\` waits for ${after.map((id) => `\`${visible(id)}\``).join(", ")}`,
  );
  return `${[...texts.keys()].map(visible).join(", ")}: written that ${lines.join("; ")}.\n`;
}
