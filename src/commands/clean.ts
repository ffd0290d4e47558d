import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cleanRun } from "../git/clean.ts";
import { isSupervised, liveTasks } from "../engines/headless/effects/orphans.ts";
import { visible } from "../text/escape.ts";
import { readCurrent, stateFolder } from "../run/current.ts";
import { closeRun, openRun } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { projectOf, text } from "./load.ts";
import { mergedTasks } from "./mergedTasks.ts";
import { said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/** Removes the worktrees and branches of headless runs that are in branches of the person's own. Everything else stays, and is named. */
export async function run({ positionals, options, world }: Invocation): Promise<Answer> {
  const project = projectOf(text(options["project"]), world);
  const folder = join(project, stateFolder, "runs");
  const known = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return wrongUse(
      `there is no run ${unknown.map((name) => `\`${visible(name)}\``).join(", ")} in this project; ${known.length === 0 ? "there is none at all" : `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`}`,
    );
  const dry = options["dry-run"] === true;
  const lines: string[] = [];
  let code: Answer["code"] = 0;
  let unmerged = false;
  for (const name of positionals.length > 0 ? positionals : known) {
    const opened = openRun(project, name);
    if (opened.ok && isSupervised(opened.value)) {
      lines.push(`${name}: is running, and stays; \`stop\` it first`);
      continue;
    }
    const live = opened.ok ? liveTasks(opened.value) : [];
    if (live.length > 0) {
      lines.push(
        `${name}: workers of ${live.join(", ")} are at work though nobody supervises them, and it stays; \`resume\` or \`stop\` first`,
      );
      continue;
    }
    if (opened.ok && opened.value.state.engine !== "headless" && opened.value.state.base === null) continue;
    const state = opened.ok ? opened.value.state : null;
    const merged = state === null || state.base === null ? null : { base: state.base, tasks: mergedTasks(state) };
    const places = [...(state?.tasks.values() ?? [])].flatMap(({ place, status, endedAt, reported }) =>
      place === null ? [] : { ...place, ref: place.branch, reported, merged: status === "merged", at: endedAt ?? "" },
    );
    // Of several that worked in one tree, all but the last are merged.
    places.sort((a, b) => Number(a.merged) - Number(b.merged) || (a.at < b.at ? 1 : -1));
    const cleaned = await cleanRun(project, name, { dry, merged, places });
    if (!cleaned.ok) {
      lines.push(`${name}: ${visible(cleaned.reason)}`);
      code = 1;
      continue;
    }
    for (const what of cleaned.removed) lines.push(`${name}: ${dry ? "would remove" : "removed"} ${visible(what)}`);
    if (cleaned.kept.some(({ why }) => why.includes("in no branch of yours"))) unmerged = true;
    for (const { what, why } of cleaned.kept) lines.push(`${name}: kept ${visible(what)}: ${visible(why)}`);
    const over = opened.ok && cleaned.kept.length === 0 && readCurrent(project)?.run === name;
    if (over && !dry && opened.value.state.finished !== null) closeRun(opened.value);
  }
  if (unmerged)
    lines.push(
      "Work that is in no branch of yours gets into one with `merge RUN --into BRANCH` (what the run merged) or `git merge` of the branch named here; then `clean` removes it.",
    );
  return said(
    lines.length === 0 ? "Nothing to clean: no worktree or branch of a run is left." : lines.join("\n"),
    code,
  );
}
