import { findProject } from "../run/current.ts";
import { join, resolve } from "node:path";
import { agreements, ask, type Answers } from "../link/ask.ts";
import { link } from "../link/link.ts";
import { select } from "../link/select.ts";
import type { Config, ConfigInput } from "../model/config.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { TaskList } from "../model/list.ts";
import type { TaskGraph } from "../model/graph.ts";
import type { Plan } from "../model/plan.ts";
import { plan } from "../plan/plan.ts";
import { mergeConfig, readConfig } from "../lists/config.ts";
import { decode } from "../lists/decode.ts";
import { readFiles } from "../lists/readList.ts";
import { gatherRepository } from "../repository/gather.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import type { Style } from "../text/layout.ts";
import { baseCommit } from "../git/baseCommit.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { linksOut } from "./linksOut.ts";
import { locate } from "./locate.ts";
import { pastRuns } from "./pastRuns.ts";
import { exists, readSource, type Source } from "./sources.ts";
import { wrongUse } from "./wrongUse.ts";

/** What is to be planned: sources as the person wrote them, and what the command line said about it. */
export interface PlanRequest {
  readonly sources: readonly string[];
  readonly format?: string | undefined;
  readonly tasks?: string | undefined;
  readonly only?: string | undefined;
  readonly flags: ConfigInput;
  /** Answers to the plan's questions, by their ids or their texts. */
  readonly answers?: Readonly<Record<string, "yes" | "no">> | undefined;
  readonly project?: string | undefined;
  /** Authors of issues, by login, whose text the person wants used this once. */
  readonly trust?: readonly string[] | undefined;
  /** The issue that the only source names, once it was read. */
  readonly issue?: IssueSource | undefined;
}

/** An issue that was read before planning: the list in it, its bodies by name, and what a run keeps of it. */
export interface IssueSource {
  readonly list: Outcome<TaskList>;
  readonly texts: ReadonlyMap<string, string>;
  /** Null when it could not be read. */
  readonly snapshot: string | null;
}

/** What came of it. `texts` are the sources by name: diagnostics point into them. */
export interface Loaded {
  readonly project: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly outcome: Outcome<Plan>;
}

/** Where a project keeps its options. */
export const configName = ".orchestrate.yml";

/** From sources to a plan, by way of reading, linking and selecting. Reads files; writes nothing, starts nothing. */
export function loadPlan(request: PlanRequest, world: World): Loaded {
  const project = projectOf(request.project, world);
  const texts = new Map<string, string>();
  const outcome = planOf(request, project, texts, world);
  return { project, texts, outcome };
}

/** The folder that the command works in: `--project`, else the project that the present folder belongs to. */
export function projectOf(folder: string | undefined, world: World): string {
  return folder === undefined ? findProject(world.cwd) : resolve(world.cwd, folder);
}

function planOf(request: PlanRequest, project: string, texts: Map<string, string>, world: World): Outcome<Plan> {
  const list = readList(request, texts, world);
  const made = linkList(list, request, project, texts);
  if (!made.ok) return made;
  const { linked, config } = made.value;
  const { tasks, only } = request;
  const selected =
    tasks === undefined && only === undefined
      ? { ok: true as const, value: linked }
      : select(linked, { ...(tasks === undefined ? {} : { tasks }), ...(only === undefined ? {} : { only }) });
  if (!selected.ok) return selected;
  const answers: Answers = new Map(Object.entries(request.answers ?? {}));
  const answered = ask(selected.value, answers);
  if (!answered.ok) return answered;
  const { graph, questions } = answered.value;
  return {
    ok: true,
    value: plan(graph, config, baseCommit(project), {
      questions,
      past: pastRuns(project),
      agreements: () => agreements(answered.value),
    }),
  };
}

/** The project's own options, before the list and the command line have their say. */
export function ownConfig(project: string, texts = new Map<string, string>()): Outcome<ConfigInput> {
  const path = join(project, configName);
  if (!exists(path)) return { ok: true, value: {} };
  const source = readSource(configName, path);
  const text = source.ok ? decode(source.value.bytes, configName) : source;
  if (!text.ok) return text;
  texts.set(configName, text.value);
  return readConfig(text.value, configName);
}

/** Links a list that was read, with the options of the project, the list and the command line in force. */
export function linkList(
  list: Outcome<TaskList>,
  request: PlanRequest,
  project: string,
  texts: Map<string, string>,
): Outcome<{ linked: TaskGraph; config: Config }> {
  const own = ownConfig(project, texts);
  if (!own.ok || !list.ok) {
    return { ok: false, diagnostics: [...(own.ok ? [] : own.diagnostics), ...(list.ok ? [] : list.diagnostics)] };
  }
  const config = mergeConfig(own.value, list.value.options, request.flags);
  const linked = link(list.value, config, gatherRepository(project, list.value.tasks));
  if (!linked.ok) return linked;
  const links = linksOut(project, linked.value.tasks);
  return links.length > 0 ? { ok: false, diagnostics: links } : { ok: true, value: { linked: linked.value, config } };
}

/** The list in the sources; their texts go to `texts`, by the names that people know them by. */
export function readList(request: PlanRequest, texts: Map<string, string>, world: World): Outcome<TaskList> {
  if (request.issue !== undefined) {
    for (const [name, body] of request.issue.texts) texts.set(name, body);
    return request.issue.list;
  }
  const located = locate(request.sources, world, request.format);
  if (!located.ok) return located;
  const sources = located.value.map(({ file, path }): Outcome<Source> =>
    path === null ? { ok: true, value: { file, bytes: Buffer.from(world.stdin()) } } : readSource(file, path),
  );
  const unread = sources.flatMap((source) => (source.ok ? [] : source.diagnostics));
  if (unread.length > 0) return { ok: false, diagnostics: unread };
  const files = sources.flatMap((source) => (source.ok ? [source.value] : []));
  for (const { file, bytes } of files) texts.set(file, Buffer.from(bytes).toString("utf8"));
  return readFiles(files, { format: request.format });
}

/** The plan request that a command line makes, or what is wrong with it. */
export function planRequest(sources: readonly string[], { options }: Invocation): PlanRequest | Answer {
  const workers = text(options["max-workers"]);
  if (workers !== undefined && !/^(?:[1-9]|1\d|20)$/.test(workers)) {
    return wrongUse(
      `unexpected \`--max-workers ${workers}\`, expected a whole number from 1 to 20; the client itself runs at most 20 agents`,
    );
  }
  const flags: ConfigInput = {
    ...(workers === undefined ? {} : { maxWorkers: Number(workers) }),
    ...(options["parallel"] === undefined ? {} : { parallel: true }),
  };
  const [tasks, only] = [text(options["tasks"]), text(options["only"])];
  if (tasks !== undefined && only !== undefined)
    return wrongUse("`--tasks` and `--only` exclude each other; leave one out");
  const answers = answersIn(text(options["answers"]) ?? "");
  if (answers === null)
    return wrongUse(
      `unexpected \`--answers ${text(options["answers"]) ?? ""}\`, expected answers to the plan's questions such as \`q1=yes,q2=no\``,
    );
  const [format, project] = [text(options["format"]), text(options["project"])];
  const trust = (text(options["trust"]) ?? "").split(",").flatMap((each) => each.trim().replace(/^@/, "") || []);
  const stranger = trust.find((login) => !/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}(?:\[bot\])?)$/.test(login));
  if (stranger !== undefined)
    return wrongUse(`unexpected \`--trust ${stranger}\`, expected logins on GitHub such as \`octocat,hubot\``);
  return {
    sources,
    flags,
    tasks,
    only,
    format,
    project,
    trust,
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
  };
}

/** `q1=yes,q2=no`; null when it is something else. */
function answersIn(written: string): Record<string, "yes" | "no"> | null {
  const answers: Record<string, "yes" | "no"> = {};
  for (const part of written.split(",").map((each) => each.trim().toLowerCase())) {
    const [, id, answer] = /^(q\d{1,2})=(yes|no)$/.exec(part) ?? [];
    if (part === "") continue;
    if (id === undefined) return null;
    answers[id] = answer === "yes" ? "yes" : "no";
  }
  return answers;
}

/** The value of an option that takes one. */
export function text(value: string | true | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function styleOf(world: World): Style {
  return { width: Math.max(30, Math.min(world.columns ?? 80, 120)), colour: world.colour };
}

/** The answer to a plan that could not be made: its diagnostics on standard error, exit code 1. */
export function failed(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>, world: World): Answer {
  return { out: "", err: showDiagnostics(diagnostics, texts, styleOf(world)), code: 1 };
}
