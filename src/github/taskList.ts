import { resolveFields, type Missing } from "../lists/dependencies.ts";
import { nothing } from "../lists/listed.ts";
import { uniqueIds } from "../lists/ids.ts";
import { leavesProject } from "../lists/paths.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Phase, SetAside, TaskList } from "../model/list.ts";
import type { ListedTask } from "../model/task.ts";
import { count } from "../text/layout.ts";
import { criteriaIn, dependenciesIn, openBody, shownText } from "./body.ts";
import { readBodyList, type BodyList } from "./bodyList.ts";
import { issueId, issueTask, mentionId, references, startOf, toReferences, type Home } from "./issueTask.ts";
import { labelOf } from "./reference.ts";
import type { Snapshot, SnapshotIssue } from "./snapshot.ts";
import { noSubTasks, vagueTasks, withheldMaster, withheldTasks } from "./advice.ts";

/** A list made of issues, and their bodies by the names that places use. */
export interface IssueList {
  readonly list: Outcome<TaskList>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Makes the task list of a master issue. Pure: the same snapshot gives the same list. */
export function issueTaskList(snapshot: Snapshot, notes: readonly Diagnostic[], format?: string): IssueList {
  const { host, issues } = snapshot;
  const texts = new Map(
    issues.map((issue) => [labelOf({ ...issue, host }), shownText(issue.body, labelOf({ ...issue, host }))]),
  );
  return { list: listOf(snapshot, notes, format), texts };
}

function listOf(snapshot: Snapshot, notes: readonly Diagnostic[], format: string | undefined): Outcome<TaskList> {
  const [master, ...others] = snapshot.issues;
  if (master === undefined) throw new Error("a snapshot of no issue");
  if (master.withheld) return { ok: false, diagnostics: [withheldMaster(master, snapshot.host)] };
  const home: Home = { host: snapshot.host, repository: master.repository };
  const label = labelOf({ ...master, host: home.host });
  const source = openBody(master.body, label);
  const body: BodyList =
    source === null ? { list: null, faults: [], rows: new Map() } : readBodyList(source, home, format);
  if (body.faults.some(({ severity }) => severity === "error"))
    return { ok: false, diagnostics: [...body.faults, ...notes] };
  const native = others.filter((issue) => issue.native);
  const rows = rowTasks(body, master, home, native.length > 0);
  const written = [...issueTasks(snapshot, home, rows), ...rows.plain];
  if (written.length === 0) return { ok: false, diagnostics: [noSubTasks(label), ...notes] };
  const { tasks, diagnostics: unresolved } = resolveFields(
    withWhole(written, snapshot, home, body),
    { counts: "unmet", where: "no part of this issue" },
    finder(snapshot, written, home),
  );
  const { tasks: unique, diagnostics: ids } = uniqueIds(tasks.map(harmless));
  const phases = body.list?.phases ?? [];
  const nested = nestedPhases(snapshot, home, phases.length);
  const diagnostics = [
    ...notes,
    readFrom(label, snapshot, native.length, rows),
    ...(body.list?.diagnostics ?? []),
    ...withheldTasks(others, home.host),
    ...vagueTasks(unique),
    ...ignoredCommands(tasks),
    ...unresolved,
    ...ids,
  ];
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  return {
    ok: true,
    value: {
      ...nothing,
      format: "github-issue",
      detected: "named as an issue",
      sources: [label],
      title: master.title.replaceAll(/\s+/g, " ").trim(),
      tasks: unique.map((task) => {
        const phase = nested.byTask.get(task.id);
        return phase === undefined
          ? task
          : { ...task, phaseIndex: phase, phase: nested.phases[phase - phases.length]?.name ?? null };
      }),
      phases: [...phases, ...nested.phases],
      prose: body.list?.prose ?? [],
      order: rows.plain.length > 0 ? (body.list?.order ?? "none") : "none",
      setAside: [...(body.list?.setAside ?? []), ...rows.aside],
      boxes: body.list?.boxes ?? 0,
      diagnostics,
    },
  };
}

interface Rows {
  /** Rows that name issues: what they say beside the issue itself, by its task id. */
  readonly issues: ReadonlyMap<string, ListedTask>;
  readonly plain: readonly ListedTask[];
  readonly aside: readonly SetAside[];
}

const partsHeading = /^(?:sub-?)?(?:tasks?|issues?)\b|^(?:to-?do|work items?|implementation|steps)\b/i;

/** The rows of the master's body. Beside sub-issues of GitHub's own kind, a row that names none must say that it is a task. */
function rowTasks(body: BodyList, master: SnapshotIssue, home: Home, hasNative: boolean): Rows {
  const issues = new Map<string, ListedTask>();
  const plain: ListedTask[] = [];
  const aside: SetAside[] = [];
  const mixed = hasNative || body.rows.size > 0;
  for (const [index, task] of (body.list?.tasks ?? []).entries()) {
    const issue = body.rows.get(index);
    if (issue !== undefined) {
      issues.set(mentionId(issue, master.repository, home), task);
    } else if (hasNative && !partsHeading.test(task.phase ?? "")) {
      const { file, line } = task.source;
      const reason = "the issue has sub-issues, and this names none of them";
      aside.push({ file, line, text: task.lines[0]?.text ?? task.title, reason });
    } else {
      // Numbers given by position would be read as issues.
      const id = mixed && /^\d+$/.test(task.id) ? `${master.number}.${plain.length + 1}` : task.id;
      plain.push({ ...task, id, writtenId: id });
    }
  }
  return { issues, plain, aside };
}

/** Tasks of the issues that have no parts of their own, each with what its row and the issues above it say. */
function issueTasks(snapshot: Snapshot, home: Home, rows: Rows): ListedTask[] {
  const { issues } = snapshot;
  const isWhole = new Set(issues.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  return issues.flatMap((issue, index): ListedTask[] => {
    if (index === 0 || isWhole.has(index)) return [];
    const task = issueTask(issue, home);
    const row = rows.issues.get(task.id);
    const above = ancestors(issues, issue).flatMap((at) => (at === 0 ? [] : [issues[at]]));
    const inherited = above.flatMap((each) => (each === undefined ? [] : references(each, home).dependsOn));
    const parent = issue.parent === null || issue.parent === 0 ? null : issues[issue.parent];
    return [
      {
        ...task,
        parent: parent ? issueId(parent, home) : null,
        phase: row?.phase ?? task.phase,
        phaseIndex: row?.phaseIndex ?? task.phaseIndex,
        parallel: row?.parallel ?? task.parallel,
        estimate: task.estimate ?? row?.estimate ?? null,
        files: task.files.length > 0 ? task.files : (row?.files ?? []),
        acceptance: [...task.acceptance, ...(row?.acceptance ?? [])],
        dependsOn: [...task.dependsOn, ...(row?.dependsOn ?? []), ...inherited],
      },
    ];
  });
}

function ancestors(issues: readonly SnapshotIssue[], issue: SnapshotIssue): number[] {
  const found: number[] = [];
  for (let at = issue.parent; at !== null && !found.includes(at); at = issues[at]?.parent ?? null) found.push(at);
  return found;
}

/** What the master issue waits for, all of its parts wait for; its criteria go with each of them. */
function withWhole(tasks: readonly ListedTask[], { issues }: Snapshot, home: Home, { list }: BodyList): ListedTask[] {
  const [master] = issues;
  if (master === undefined) return [...tasks];
  const source = openBody(master.body, labelOf({ ...master, host: home.host }));
  const prose = new Set(list?.prose.map(({ place }) => place.line));
  const lines = (source?.markdown.lines ?? []).filter(({ place }) => list === null || prose.has(place.line));
  const written = source === null ? [] : toReferences(dependenciesIn(lines, source, home), master, home).dependsOn;
  const native = references({ ...master, body: "" }, home).dependsOn;
  const own = new Set([...tasks.map(({ id }) => id), ...issues.map((issue) => issueId(issue, home))]);
  const waits = [...native, ...written].filter(({ text }) => !own.has(text));
  const criteria = (source === null ? [] : criteriaIn(source)).map((each) => `${each} (of the whole issue)`);
  return tasks.map((task) => ({
    ...task,
    acceptance: [...task.acceptance, ...criteria],
    dependsOn: [...task.dependsOn, ...waits],
  }));
}

/** What a reference names that is no task: an issue with parts of its own, or one that lies elsewhere. */
function finder(
  { issues, elsewhere, host }: Snapshot,
  tasks: readonly ListedTask[],
  home: Home,
): (text: string) => string | Missing | null {
  const own = new Set(tasks.map(({ id }) => id));
  const wholes = new Set(issues.slice(1).map((issue) => issueId(issue, home)));
  const states = new Map(elsewhere.map((issue) => [issueId(issue, home).toLowerCase(), issue]));
  return (text) => {
    if (own.has(text)) return text;
    if (wholes.has(text)) return text;
    const found = states.get(text.toLowerCase());
    if (found === undefined) return null;
    const label = labelOf({ ...found, host });
    return found.state === "open" || found.state === "unknown"
      ? {
          counts: "unmet",
          where: found.state === "open" ? `${label} is open, and no part of this issue` : `${label} cannot be read`,
        }
      : { counts: "met", where: `${label} is closed` };
  };
}

/** Issues with parts of their own group those. */
function nestedPhases(
  { issues }: Snapshot,
  home: Home,
  first: number,
): { phases: Phase[]; byTask: ReadonlyMap<string, number> } {
  const phases: Phase[] = [];
  const indexes = new Map<number, number>();
  const byTask = new Map<string, number>();
  for (const issue of issues) {
    const { parent } = issue;
    const whole = parent === null || parent === 0 ? undefined : issues[parent];
    if (parent === null || whole === undefined) continue;
    if (!indexes.has(parent)) {
      indexes.set(parent, first + phases.length);
      phases.push({
        name: whole.withheld ? issueId(whole, home) : whole.title.replaceAll(/\s+/g, " ").trim(),
        number: null,
        kind: null,
        story: null,
        parallel: null,
        ordered: false,
        parent: null,
        place: startOf(whole, home),
      });
    }
    const index = indexes.get(parent);
    if (index !== undefined) byTask.set(issueId(issue, home), index);
  }
  return { phases, byTask };
}

/** An issue decides nothing about what runs on this machine or lies outside of the project, and its boxes are GitHub's. */
function harmless(task: ListedTask): ListedTask {
  const files = task.files.filter(({ path }) => !leavesProject(path));
  return { ...task, files, verify: [], agent: null, model: null, effort: null, box: null };
}

function ignoredCommands(tasks: readonly ListedTask[]): Diagnostic[] {
  const [first] = tasks.flatMap((task) => (task.verify.length > 0 ? [task] : []));
  return first === undefined
    ? []
    : [
        {
          severity: "info",
          rule: "issue-commands",
          message: `\`${first.id}\` names commands to check it with; commands of an issue are not run`,
          fix: "write those that you want into `verify` of .orchestrate.yml",
          place: first.source,
        },
      ];
}

function readFrom(label: string, { host, issues }: Snapshot, native: number, rows: Rows): Diagnostic {
  const [, repository = "", number = ""] = /([^/]+\/[^/#]+)#(\d+)$/.exec(label) ?? [];
  const fromRows = issues.length - 1 - native + rows.plain.length;
  const edges = issues.reduce((sum, { blockedBy }) => sum + blockedBy.length, 0);
  const parts = [
    ...(native > 0 ? [count(native, "sub-issue")] : []),
    ...(fromRows > 0 ? [`${count(fromRows, "row")} of its body`] : []),
    ...(edges > 0 ? [`${edges} ${edges === 1 ? "dependency" : "dependencies"} set on GitHub`] : []),
  ];
  return {
    severity: "info",
    rule: "github-read",
    message: `Read from https://${host}/${repository}/issues/${number}: ${parts.join(", ")}`,
    place: null,
  };
}
