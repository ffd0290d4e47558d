import type { Run } from "../run/store.ts";
import { causeOf, commandIn, filesIn, normalised, type Cause } from "./cause.ts";
import { shellWord, visible } from "../text/escape.ts";
import { gist } from "../text/gist.ts";
import { oneLine } from "../text/oneLine.ts";
import { count, several } from "../text/layout.ts";

interface Failure {
  readonly task: string;
  readonly words: string;
}

/**
 * Why a run came to a bad end, as lines for a person, already escaped: failures grouped by their likely common cause, the
 * largest group first, each with what to do. Empty when nothing failed.
 */
export function diagnose(run: Pick<Run, "state">): string[] {
  const { state } = run;
  const failures = [...state.tasks].flatMap(([task, own]): Failure[] =>
    own.status === "failed" || own.status === "conflicted" ? [{ task, words: gist(own.history.at(-1) ?? "") }] : [],
  );
  const groups = grouped(failures);
  const lines = groups.map(({ members, cause, shown }) => {
    const which = several(
      members.map(({ task }) => visible(task)),
      6,
    );
    const how =
      failures.length === 1
        ? `${which}: `
        : members.length === failures.length
          ? `All ${failures.length} failures (${which}): `
          : `${members.length} of ${failures.length} failures (${which}): `;
    return `${how}${shown}${cause === null ? "" : `. ${upperFirst(cause.todo)}, then \`${retry(members)}\` and \`resume\`.`}`;
  });
  const skipped = [...state.tasks].flatMap(([task, own]) =>
    own.status === "skipped" && own.history.length > 0 ? task : [],
  );
  if (skipped.length > 0)
    lines.push(
      `${count(skipped.length, "task")} skipped because of ${failures.length > 0 ? "that" : "what was cancelled"}: ${several(skipped.map(visible), 8)}.`,
    );
  const reason = state.stopped;
  if (reason !== null && !failures.some(({ words }) => words !== "" && reason.includes(words))) {
    const cause = causeOf(reason);
    lines.unshift(
      `The run was stopped: ${oneLine(reason)}${cause === null ? "" : `. ${upperFirst(cause.todo)}, then \`resume\`.`}`,
    );
  }
  const lone = groups.some(({ cause }) => cause === null);
  if (lone)
    lines.push(
      "`logs TASK` shows what a worker did; `retry TASK` asks for another attempt with the evidence, `answer TASK …` adds your advice; then `resume`.",
    );
  return lines;
}

/** Without a name it tries again all that failed: `resume` alone leaves what failed as it is. */
function retry(members: readonly Failure[]): string {
  return members.length > 6 ? "retry" : ["retry", ...members.map(({ task }) => visible(shellWord(task)))].join(" ");
}

interface Group {
  readonly members: readonly Failure[];
  readonly cause: Cause | null;
  /** Escaped. */
  readonly shown: string;
}

/** By known cause; what is left by the same words, then by a file that several name; the rest one by one. */
function grouped(failures: readonly Failure[]): Group[] {
  const groups: Group[] = [];
  let left = failures;
  const take = (members: readonly Failure[], cause: Cause | null, shown: string): void => {
    groups.push({ members, cause, shown });
    left = left.filter((one) => !members.includes(one));
  };
  for (const members of byKey(left, ({ words }) => causeOf(words)?.what ?? null)) {
    const cause = causeOf(members[0]?.words ?? "");
    if (cause === null) continue;
    take(members, cause, `${inCommand(members)}${oneLine(cause.what)}`);
  }
  for (const members of byKey(left, ({ task, words }) => normalised(words, task)))
    if (members.length > 1) take(members, null, oneLine(members[0]?.words ?? ""));
  for (;;) {
    const files = byKey(
      left.flatMap((failure) => filesIn(failure.words).map((file) => ({ failure, file }))),
      ({ file }) => file,
    );
    const most = files.toSorted((a, b) => b.length - a.length)[0] ?? [];
    if (most.length < 2) break;
    take(
      most.map(({ failure }) => failure),
      null,
      `all speak of ${oneLine(most[0]?.file ?? "")}, as in: ${oneLine(most[0]?.failure.words ?? "", 200)}`,
    );
  }
  for (const failure of left)
    take([failure], null, failure.words === "" ? "no reason was given" : oneLine(failure.words));
  return groups.toSorted((a, b) => b.members.length - a.members.length);
}

/** `in \`pnpm test\`: ` when all name the same command first. */
function inCommand(members: readonly Failure[]): string {
  const commands = new Set(members.map(({ words }) => commandIn(words)));
  const [command] = commands;
  return commands.size === 1 && command != null ? `in \`${oneLine(command, 120)}\`: ` : "";
}

function byKey<Value>(values: readonly Value[], key: (value: Value) => string | null): Value[][] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const name = key(value);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

function upperFirst(text: string): string {
  return text.startsWith("`") ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
