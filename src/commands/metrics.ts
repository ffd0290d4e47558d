import type { Metrics } from "../model/metrics.ts";
import { visible } from "../text/escape.ts";
import { byMonth, metricsOf } from "../show/metrics.ts";
import { showMonths, showRunMetrics } from "../show/showMetrics.ts";
import { readCurrent } from "../run/current.ts";
import { openRun } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { projectOf, styleOf, text } from "./load.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { runsOf } from "./pastRuns.ts";
import { wrongUse } from "./wrongUse.ts";

/** Measures the newest run, the runs that are named, or all of the project. */
export function run(input: Invocation): Promise<Answer> {
  return Promise.resolve(measure(input));
}

function measure(input: Invocation): Answer {
  const { positionals, options, world } = input;
  const project = projectOf(text(options["project"]), world);
  const all = options["all"] === true;
  if (all && positionals.length > 0) return wrongUse("`--all` and the names of runs exclude each other; leave one out");
  const known = runsOf(project);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const some = known.length === 0 ? "there is none" : `there are ${known.slice(0, 5).join(", ")}`;
    return wrongUse(`the project has no run ${unknown.map((name) => `\`${visible(name)}\``).join(", ")}; ${some}`);
  }
  if (!all && positionals.length === 0) {
    // Says in its own words when there is none, or when it cannot be read.
    const newest = newestRun(input);
    if (isAnswer(newest)) return newest;
  }
  const names = all ? known : positionals.length > 0 ? positionals : [readCurrent(project)?.run ?? ""];
  const metrics = metricsOfRuns(project, names);
  if (options["json"] === true) return said(JSON.stringify(metrics, null, 2));
  const { width } = styleOf(world);
  if (all) return said(showMonths(metrics, width));
  const failed = metrics.unreadable.map(
    ({ run: name, reason }) => `error: run ${name} cannot be read: ${visible(reason)}\n`,
  );
  const shown = metrics.runs.map((one) => showRunMetrics(one, width)).join("\n\n");
  return { out: shown === "" ? "" : `${shown}\n`, err: failed.join(""), code: failed.length === 0 ? 0 : 1 };
}

function metricsOfRuns(project: string, names: readonly string[]): Metrics {
  const unreadable: { run: string; reason: string }[] = [];
  const runs = names.flatMap((name) => {
    const opened = openRun(project, name);
    if (opened.ok) return [metricsOf(opened.value.plan, opened.value.events, opened.value.revisions)];
    unreadable.push({ run: name, reason: opened.diagnostics.map((one) => one.message).join("; ") });
    return [];
  });
  const inOrder = runs.toSorted((a, b) => ((a.startedAt ?? "") < (b.startedAt ?? "") ? -1 : 1));
  return { schema: 1, runs: inOrder, months: byMonth(inOrder), unreadable };
}
