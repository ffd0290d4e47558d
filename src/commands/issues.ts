import { join, resolve } from "node:path";
import { parseIssueReference } from "../github/reference.ts";
import type { ReadSource } from "../github/source.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { textOfRegular } from "../process/readRegular.ts";
import { issueFile, type Run } from "../run/store.ts";
import { oneLine } from "../text/oneLine.ts";
import type { Answer, World } from "./command.ts";
import { ownConfig, projectOf, type IssueSource, type PlanRequest } from "./load.ts";
import { exists } from "./sources.ts";
import { wrongUse } from "./wrongUse.ts";

/** Whose text is used where `.orchestrate.yml` does not say. */
const usualAuthors: readonly string[] = ["owner", "member", "collaborator"];
/** Milliseconds that `resume` waits for an answer: it only wants to know whether the issue was edited. */
const glance = 10_000;

/** Whether a source is an issue: written as one, and no file of that name is there. */
export function isIssue(source: string, world: World): boolean {
  return parseIssueReference(source) !== null && !exists(resolve(world.cwd, source));
}

/** Reads the issue that a request names, if it names one. From then on the request holds what was read. */
export async function withIssue(request: PlanRequest, world: World): Promise<PlanRequest | Answer> {
  const [named] = request.sources.filter((source) => isIssue(source, world));
  if (named === undefined || request.issue !== undefined) return request;
  if (request.sources.length > 1)
    return wrongUse(`\`${named}\` is an issue, which is planned by itself; leave the other sources out`);
  const read = await readNamed(named, request, world);
  const issue: IssueSource = read.ok
    ? { list: read.value.list, texts: read.value.texts, snapshot: JSON.stringify(read.value.snapshot) }
    : { list: read, texts: new Map(), snapshot: null };
  return { ...request, sources: [read.ok ? read.value.source : named], issue };
}

async function readNamed(
  named: string,
  { format, trust = [], project: folder }: PlanRequest,
  world: World,
  timeout?: number,
): Promise<Outcome<ReadSource>> {
  const project = projectOf(folder, world);
  const config = ownConfig(project, new Map());
  if (!config.ok) return config;
  // Loaded only now: a list in a file does without it.
  const { readIssueSource } = await import("../github/source.ts");
  const authors = [...(config.value.issueAuthors ?? usualAuthors), ...trust.map((login) => `@${login}`)];
  return readIssueSource(named, {
    project,
    env: world.env,
    now: world.now(),
    authors,
    format,
    ...(timeout === undefined ? {} : { timeout }),
  });
}

/**
 * The issue of a run as it was when the run began, and what to tell the person when it reads otherwise now. Null when the
 * run is not of an issue. Works without the network.
 */
export async function frozenIssue(
  run: Run,
  world: World,
): Promise<{ readonly issue: IssueSource; readonly notes: readonly string[] } | null> {
  const started = run.events[0];
  const stored = textOfRegular(join(run.folder, issueFile));
  if (stored === null || started?.type !== "started") return null;
  const { asSource } = await import("../github/source.ts");
  const { parseSnapshot } = await import("../github/snapshot.ts");
  const { changesBetween } = await import("../github/changes.ts");
  const snapshot = parseSnapshot(stored);
  if (snapshot === null) return null;
  const { source, list, texts } = asSource(snapshot, [], started.asked.format);
  const issue = { list, texts, snapshot: stored };
  const now = await readNamed(source, { ...started.asked, project: run.project }, world, glance);
  if (!now.ok) return { issue, notes: [`Whether ${source} was edited cannot be seen now: ${first(now.diagnostics)}.`] };
  const changes = changesBetween(snapshot, now.value.snapshot);
  if (changes.length === 0) return { issue, notes: [] };
  return {
    issue,
    notes: [
      `${source} reads otherwise than when the run began (${changes.join("; ")}). The run goes on with what it read; a new run reads it anew.`,
    ],
  };
}

function first(diagnostics: readonly Diagnostic[]): string {
  return oneLine(diagnostics[0]?.message ?? "unknown");
}
