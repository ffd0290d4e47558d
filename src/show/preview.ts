import { digraph } from "../graph/digraph.ts";
import { transitiveReduction } from "../graph/transitiveReduction.ts";
import type { Edge, Lock } from "../model/graph.ts";
import type { Place } from "../model/place.ts";
import type { Plan, PlannedTask } from "../model/plan.ts";
import { inWords } from "../plan/minutes.ts";
import { sentence } from "./diagnostics.ts";
import { visible } from "../text/escape.ts";
import { clip, count, displayWidth, pad, paint, several, wrap, type Style } from "../text/layout.ts";

const MOST_LINES = 10;
/** Columns of a text of somebody's list: it may be megabytes long. `--json` has the whole. */
const MOST_COLUMNS = 200;
/** A question quotes titles, and whoever answers it needs all of it. */
const MOST_OF_A_QUESTION = 1500;

/**
 * What a person sees before anything is launched: the verdict first, then what runs together, why the rest waits, what
 * may not run together, how long it takes, and everything that was left aside. With `why` nothing is shortened. `headless`: it
 * is asked for by who would run it so.
 */
export function showPreview(plan: Plan, style: Style, why = false, headless = false): string {
  const sections = [
    heading(plan, style),
    verdict(plan, style),
    ...batches(plan, style),
    list("Order", order(plan, why), style, why),
    list("Not together", apart(plan, why), style, why),
    list("Alone", alone(plan), style, why),
    list("Checks", checks(plan, headless), style, true),
    list("Headless workers", workers(plan, headless), style, true),
    list("Questions", questions(plan), style, true),
    forecast(plan, style),
    list("Set aside", setAside(plan, why), style, why),
    list("Overruled", overruled(plan), style, why),
    list("Notes", notes(plan), style, why),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function heading(plan: Plan, style: Style): string[] {
  const done = plan.tasks.filter((task) => task.status === "done").length;
  const left = plan.batches.flat().length;
  const other = plan.tasks.length - done - left;
  const counts = [
    count(plan.tasks.length, "task"),
    ...(done > 0 ? [`${done} done`] : []),
    ...(other > 0 ? [`${other} put off or dropped`] : []),
  ];
  const read = `${plan.source.map((file) => visible(file)).join(", ")} (${visible(plan.format)}): ${counts.join(", ")}`;
  const aside = leftOut(plan);
  const from = aside === "" ? read : `${read}; set aside ${aside}: \`--why\``;
  const title =
    plan.title === null ? [] : wrap(shown(plan.title), style.width).map((line) => paint(style, "bold", line));
  return [...title, ...wrap(from, style.width, "  ")];
}

/** `GO`, `CONSIDER` or `NO-GO` with its first reason; the other reasons below. */
function verdict(plan: Plan, style: Style): string[] {
  const { answer, reasons } = plan.verdict;
  if (plan.batches.length === 0) return ["Nothing is left to do."];
  const colour = answer === "go" ? "green" : answer === "no-go" ? "red" : "yellow";
  const asks = plan.verdict.asks?.length ?? 0;
  const word = answer === "ask" ? `ANSWER ${asks} QUESTION${asks === 1 ? "" : "S"}` : answer.toUpperCase();
  const [first = "", ...rest] = wrap(`${word}: ${visible(reasons[0] ?? "")}`, style.width, "  ");
  const others = reasons
    .slice(1)
    .flatMap((reason) => wrap(`- ${visible(reason)}`, style.width - 2, "  ").map((line) => `  ${line}`));
  return [paint(style, colour, word) + first.slice(word.length), ...rest, ...others];
}

/** The batches as a picture, each task on one line: id, title, minutes. A run has no such barriers. */
function batches(plan: Plan, style: Style): string[][] {
  const tasks = byId(plan);
  const drawn = plan.batches.map((batch) => batch.map((id) => tasks.get(id)).filter((task) => task !== undefined));
  const idWidth = Math.min(16, widest(drawn.flat().map((task) => displayWidth(visible(task.id)))));
  const estimateWidth = widest(drawn.flat().map((task) => inWords(task.estimate).length));
  return drawn.map((batch, index) => {
    const head = `Batch ${index + 1}${batch.length === 1 ? "" : `, ${batch.length} together`}`;
    return [
      paint(style, "bold", head),
      ...batch.map((task, at) => taskLine(task, at === batch.length - 1, idWidth, estimateWidth, style)),
    ];
  });
}

/** `Math.max` takes no more values than the stack holds. */
function widest(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 1);
}

/** Foreign text: what cannot be seen made visible, and cut where it is too long for anybody. */
function shown(text: string): string {
  return clip(visible(text), MOST_COLUMNS);
}

function taskLine(task: PlannedTask, last: boolean, idWidth: number, estimateWidth: number, style: Style): string {
  const start = `${last ? "└" : "├"} ${pad(clip(visible(task.id), idWidth), idWidth)}  `;
  const room = style.width - displayWidth(start) - estimateWidth - 2;
  const title = visible(task.title) + (task.gate ? " (checkpoint)" : "") + (task.optional ? " (optional)" : "");
  return `${start}${pad(clip(title, room), room)}  ${inWords(task.estimate).padStart(estimateWidth)}`;
}

/** Commands that will run by our own hand: a person should know them before saying go. */
function checks(plan: Plan, headless: boolean): string[] {
  const when = headless ? "on the base and after every merge" : "when nobody is in the middle of an edit";
  const whole = plan.config.verify.map((command) => `of the whole tree, ${when}: \`${visible(command)}\``);
  const own = plan.tasks.flatMap((task) =>
    task.verify.map((command) => `of ${visible(task.id)}: \`${visible(command)}\``),
  );
  return [...whole, ...own];
}

/** What the options say of headless workers beyond what holds for everybody: what they would run, and what they may do. */
function workers({ config }: Plan, headless: boolean): string[] {
  const words = (command: readonly string[]): string => `\`${visible(command.join(" "))}\``;
  const { worker, setup, permissionMode, allowedTools, reviewer, notify } = config;
  const allowed =
    allowedTools.length > 0
      ? `may use without asking: ${allowedTools.map((rule) => visible(rule)).join(", ")}`
      : permissionMode === "bypassPermissions"
        ? "may use everything without asking"
        : "may use nothing more without asking; nobody is there to be asked, and `allowedTools` names what they may";
  return [
    ...(worker.command === undefined ? [] : [`are this program: ${words(worker.command)}`]),
    ...(worker.env === undefined ? [] : [`get these variables as well: ${worker.env.join(", ")}`]),
    ...setup.map((command) => `begin in a worktree in which ${words([command])} was run`),
    ...(headless && worker.command === undefined
      ? [`have the permission mode ${permissionMode}, and ${allowed}`]
      : [
          ...(permissionMode === "acceptEdits" ? [] : [`have the permission mode ${permissionMode}`]),
          ...(allowedTools.length === 0 ? [] : [allowed]),
        ]),
    ...(reviewer === undefined
      ? []
      : [`are reviewed by ${reviewer.command === undefined ? "another agent" : words(reviewer.command)}`]),
    ...(notify === undefined ? [] : [`make ${words([notify])} run when you are needed`]),
  ];
}

/** `42 k`; under a thousand the number itself. */
function inThousands(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000)} k`;
}

/** Edges as words: with `all` every one of them, otherwise those that a longer path does not already say. */
function order(plan: Plan, all: boolean): string[] {
  const left = new Set(plan.batches.flat());
  const open = plan.edges.filter((edge) => left.has(edge.from) && left.has(edge.to));
  const said = all ? open : withoutImplied(plan, open);
  const byReason = new Map<string, { edge: Edge; from: string[]; to: string }>();
  for (const edge of said) {
    const key = `${edge.to}\n${reasonOf(edge)}`;
    const group = byReason.get(key);
    if (group === undefined) byReason.set(key, { edge, from: [edge.from], to: edge.to });
    else group.from.push(edge.from);
  }
  const groups = new Map<string, { edge: Edge; from: string[]; to: string[] }>();
  for (const { edge, from, to } of byReason.values()) {
    const key = `${from.join(" ")}\n${reasonOf(edge)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { edge, from, to: [to] });
    else group.to.push(to);
  }
  return [...groups.values()].map(
    ({ edge, from, to }) =>
      `${several(to.map(visible), 8)} after ${several(from.map(visible), 8)}: ${because(edge, plan)}`,
  );
}

/** The same for edges that say the same. There may be a million. */
function reasonOf({ kind, evidence, source }: Edge): string {
  return `${kind} ${source === null ? "" : `${source.file}:${source.line}:${source.column}`} ${evidence}`;
}

function because(edge: Edge, plan: Plan): string {
  const place = edge.source === null ? "" : `${at(edge.source, plan)} `;
  return `${place}“${shown(edge.evidence)}”`;
}

/** Where something stands; the file goes without saying when there is but one. */
function at({ file, line }: Pick<Place, "file" | "line">, plan: Plan): string {
  return plan.source.length === 1 && plan.source[0] === file ? `line ${line}` : `${visible(file)}:${line}`;
}

function withoutImplied(plan: Plan, edges: readonly Edge[]): Edge[] {
  const index = new Map(plan.tasks.map((task, position) => [task.id, position]));
  const positions = edges.map((edge) => [index.get(edge.from) ?? -1, index.get(edge.to) ?? -1] as const);
  const reduced = transitiveReduction(
    digraph(
      plan.tasks.length,
      positions.map(([from]) => from),
      positions.map(([, to]) => to),
    ),
  );
  const kept = new Set<number>();
  for (let from = 0; from < reduced.n; from++) {
    for (let k = reduced.successorStart[from] ?? 0; k < (reduced.successorStart[from + 1] ?? 0); k++)
      kept.add(from * reduced.n + (reduced.successors[k] ?? 0));
  }
  return edges.filter((_, k) => {
    const [from = 0, to = 0] = positions[k] ?? [];
    return kept.has(from * reduced.n + to);
  });
}

/** What keeps tasks apart that no order separates: one line for each thing, with `why` one for each pair and its words. */
function apart(plan: Plan, why: boolean): string[] {
  if (why) {
    return plan.conflicts.map(({ tasks, on, because: words }) => {
      const [first, second] = words.map(({ evidence, source }, index) => {
        const place = source === null ? "" : ` (${at(source, plan)})`;
        return `${visible(tasks[index] ?? "")} ${shown(evidence)}${place}`;
      });
      return `${tasks.map(visible).join(" and ")}, over ${shown(on)}: ${first}; ${second}`;
    });
  }
  const things = new Set(plan.conflicts.map((conflict) => conflict.on));
  return plan.locks.filter((lock) => things.has(lock.on)).map(lockLine);
}

/** What only somebody who knows the code can tell. */
function questions(plan: Plan): string[] {
  return plan.questions.map(
    ({ id, text, ifYes, answer }) =>
      `${id}: ${clip(visible(text), MOST_OF_A_QUESTION)} ${answer === null ? `Yes: ${shown(ifYes)}.` : `Answered ${answer}.`}`,
  );
}

function lockLine(lock: Lock): string {
  const named = (holders: Lock["holders"]) =>
    several(
      holders.map((holder) => visible(holder.task)),
      8,
    );
  if (lock.kind === "hot" || lock.kind === "history" || lock.kind === "stated" || lock.kind === "answer")
    return `${shown(lock.on)}: ${named(lock.holders)}`;
  if (lock.kind === "resource") return `${shown(lock.on)} (${lock.capacity} at a time): ${named(lock.holders)}`;
  const writers = lock.holders.filter((holder) => holder.amount === lock.capacity);
  const readers = lock.holders.filter((holder) => holder.amount < lock.capacity);
  return `${shown(lock.on)}: written by ${named(writers)}${readers.length === 0 ? "" : `, read by ${named(readers)}`}`;
}

function alone(plan: Plan): string[] {
  const left = new Set(plan.batches.flat());
  const reasons = new Map<string, string[]>();
  let unknown = false;
  for (const task of plan.tasks) {
    if (task.alone === null || !left.has(task.id)) continue;
    unknown ||= task.files.length === 0;
    const ids = reasons.get(task.alone);
    if (ids === undefined) reasons.set(task.alone, [visible(task.id)]);
    else ids.push(visible(task.id));
  }
  const hint = "To let tasks run side by side, name the files of each, or say --parallel.";
  return [
    ...[...reasons].map(([reason, ids]) => `${several(ids, 12)}: ${visible(reason)}`),
    ...(unknown ? [hint] : []),
  ];
}

function forecast(plan: Plan, style: Style): string[] {
  if (plan.batches.length === 0) return [];
  const left = new Set(plan.batches.flat());
  const { workers, expectedMinutes, parallelMinutes, lowerBoundMinutes, byWorkers, overheadMinutes, rangeMinutes } =
    plan.forecast;
  const [shortest, longest] = rangeMinutes;
  const one = byWorkers.find((each) => each.workers === 1);
  const more = byWorkers.filter((each) => each.workers > workers).toSorted((a, b) => a.workers - b.workers);
  const gains = more.filter((each) => Math.round(each.minutes) < Math.round(expectedMinutes));
  const [most] = more.slice(-1);
  const parts = [
    `${workers} ${workers === 1 ? "worker" : "workers"}: about ${inWords(expectedMinutes)} (${inWords(shortest)} to ${inWords(longest)})`,
    ...(one === undefined || workers === 1 ? [] : [`1: ${inWords(one.minutes)}`]),
    ...gains.map((each) => `${each.workers}: ${inWords(each.minutes)}`),
    ...(gains.length === 0 && most !== undefined ? [`${most.workers} gains nothing`] : []),
  ];
  const bound =
    parallelMinutes - lowerBoundMinutes < 0.5
      ? `at best ${inWords(parallelMinutes)}`
      : `at best ${inWords(parallelMinutes)}, never under ${inWords(lowerBoundMinutes)}`;
  const overhead = overheadMinutes < 0.5 ? "" : ` Launching and checking add about ${inWords(overheadMinutes)}.`;
  const guesses = plan.tasks.filter((task) => task.estimateRange !== null && left.has(task.id)).length;
  const corrected = plan.tasks.filter((task) => task.corrected !== null && left.has(task.id)).length;
  const sure =
    guesses === 0
      ? ""
      : ` ${guesses === left.size ? "All" : guesses} ${guesses === 1 && left.size > 1 ? "estimate is a guess" : "estimates are guesses"}${corrected > 0 ? ", corrected by past runs" : ""}.`;
  const { tokens, dollars } = plan.forecast;
  const price = dollars === null ? "" : ` (about $${dollars.toFixed(2)})`;
  const guess = tokens.from === "default" ? ", a guess until three tasks were run here" : ", by past runs";
  const cost = `About ${inThousands(tokens.work + tokens.overhead)} tokens${price}${guess}; ${inThousands(tokens.overhead)} of them to run it.`;
  const estimates = new Map(plan.tasks.map((task) => [task.id, task.estimate]));
  const chain = plan.criticalPath.reduce((sum, id) => sum + (estimates.get(id) ?? 0), 0);
  return [
    paint(style, "bold", "Time"),
    ...wrap(`${parts.join("; ")}. With exact estimates, ${bound}.${overhead}${sure}`, style.width - 2, "").map(
      (line) => `  ${line}`,
    ),
    ...wrap(`Longest chain, ${inWords(chain)}: ${path(plan.criticalPath)}`, style.width - 2, "  ").map(
      (line) => `  ${line}`,
    ),
    ...wrap(cost, style.width - 2, "").map((line) => `  ${line}`),
  ];
}

function path(ids: readonly string[]): string {
  const all = ids.map(visible);
  return all.length <= 12
    ? all.join(" → ")
    : [...all.slice(0, 6), `… ${all.length - 9} more …`, ...all.slice(-3)].join(" → ");
}

/** What was set aside, in one line: `5 criteria, 2 boxes, 1 section`. */
function leftOut(plan: Plan): string {
  const kinds = { criteria: 0, boxes: 0, sections: 0, tables: 0 };
  for (const { text, reason } of plan.setAside) {
    if (reason === aboutOrder) continue;
    if (/^\s*\|/.test(text)) kinds.tables += 1;
    else if (isSection(reason)) kinds.sections += 1;
    else if (/criteri|check\b/i.test(reason)) kinds.criteria += 1;
    else kinds.boxes += 1;
  }
  const words: readonly (readonly [number, string, string])[] = [
    [kinds.criteria, "criterion", "criteria"],
    [kinds.boxes, "box", "boxes"],
    [kinds.sections, "section", "sections"],
    [kinds.tables, "table", "tables"],
  ];
  return words.flatMap(([n, one, more]) => (n === 0 ? [] : [`${n} ${n === 1 ? one : more}`])).join(", ");
}

const aboutOrder = "read for what it says about order";

function isSection(reason: string): boolean {
  return reason === "no task stands under it" || reason === aboutOrder;
}

/** Sections and tables are counted in the first lines; they are named when a person asks why. */
function setAside(plan: Plan, why: boolean): string[] {
  const shownOnes = plan.setAside.filter(({ text, reason }) => why || !(isSection(reason) || /^\s*\|/.test(text)));
  return shownOnes.map((each) => `${at(each, plan)}: “${shown(each.text.trim())}”: ${visible(each.reason)}`);
}

function overruled(plan: Plan): string[] {
  return plan.overruled.map(
    ({ edge, by }) =>
      `${visible(edge.to)} after ${visible(edge.from)}, ${because(edge, plan)}: overruled by ${because(by, plan)}`,
  );
}

function notes(plan: Plan): string[] {
  return plan.diagnostics.map(
    (each) => `${each.place === null ? "" : `${at(each.place, plan)}: `}${sentence(each)} [${each.rule}]`,
  );
}

function list(title: string, items: readonly string[], style: Style, all: boolean): string[] {
  if (items.length === 0) return [];
  const first = all || items.length <= MOST_LINES + 1 ? items : items.slice(0, MOST_LINES);
  const rest = items.length - first.length;
  const lines = first.flatMap((item) => wrap(item, style.width - 2, "  ").map((line) => `  ${line}`));
  return [paint(style, "bold", title), ...lines, ...(rest === 0 ? [] : [`  … and ${rest} more (--why shows all)`])];
}

function byId(plan: Plan): Map<string, PlannedTask> {
  return new Map(plan.tasks.map((task) => [task.id, task]));
}
