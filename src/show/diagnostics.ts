import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import { visible } from "../text/escape.ts";
import { clip, count, displayWidth, paint, type Style } from "../text/layout.ts";

/** Texts of the sources by the file name that places use. */
export type Texts = ReadonlyMap<string, string>;

const LEAST_WIDTH = 20;
/** Characters looked at for each column that is shown: marks take no column of their own. */
const unitsEach = 4;

/**
 * Diagnostics as people read them, errors first: `file:line:col: error: … expected …; do …. [rule]`, then the line
 * with a squiggle below, then each related place. Ends with a line end unless there are none.
 */
export function showDiagnostics(diagnostics: readonly Diagnostic[], texts: Texts, style: Style): string {
  const lineAt = sourceLines(texts);
  return inOrder(diagnostics)
    .map((diagnostic) => `${showDiagnostic(diagnostic, lineAt, style)}\n`)
    .join("");
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning", "info"] as const)
    .map((severity) => [severity, diagnostics.filter((each) => each.severity === severity).length] as const)
    .filter(([, amount]) => amount > 0)
    .map(([severity, amount]) => count(amount, severity === "info" ? "note" : severity))
    .join(", ");
}

/** What one diagnostic says, on one line, without its place. */
export function sentence(diagnostic: Diagnostic): string {
  const parts = [diagnostic.message.replace(/[.,;]+$/, "")];
  if (diagnostic.expected !== undefined) parts.push(`expected ${diagnostic.expected.replace(/^expected /i, "")}`);
  if (diagnostic.fix !== undefined) parts.push(diagnostic.fix);
  return visible(shortened(parts.join("; ").replace(/\.?$/, ".")));
}

/** Words of a list that a message quotes may be megabytes long. */
function shortened(text: string): string {
  return text.replaceAll(/`([^`]{160})[^`]{40,}`/g, "`$1…`");
}

function showPlace(place: Place): string {
  return `${visible(place.file)}:${place.line}:${place.column}`;
}

function showDiagnostic(diagnostic: Diagnostic, lineAt: LineAt, style: Style): string {
  const { place, severity } = diagnostic;
  const colour = severity === "error" ? "red" : severity === "warning" ? "yellow" : "cyan";
  const start = place === null ? "" : `${paint(style, "bold", `${showPlace(place)}:`)} `;
  const label = paint(style, colour, `${severity === "info" ? "note" : severity}:`);
  const shown = [`${start}${label} ${sentence(diagnostic)} [${diagnostic.rule}]`];
  if (place !== null) shown.push(...excerpt(place, diagnostic.length ?? 1, lineAt, style));
  for (const related of diagnostic.related ?? []) {
    shown.push(`  ${showPlace(related.place)}: ${clip(visible(related.message), 200)}`);
    shown.push(...excerpt(related.place, 0, lineAt, style));
  }
  return shown.join("\n");
}

/**
 * The source line, cut around the column where it is long, and `~~~` below; nothing where the text is not known. Only what may be
 * shown is looked at: a line may be megabytes long, and many diagnostics may point into it.
 */
function excerpt(place: Place, length: number, lineAt: LineAt, style: Style): string[] {
  const line = lineAt(place);
  if (line === undefined) return [];
  const room = Math.max(LEAST_WIDTH, style.width - 4);
  const end = place.column - 1 + Math.max(1, Math.min(length, room));
  const from = end > room - 2 ? Math.max(0, place.column - 1 - Math.floor(room / 3)) : 0;
  const shown = (from > 0 ? "…" : "") + clip(visible(line.slice(from, from + room * unitsEach)), room - 1);
  if (shown.trim() === "") return [];
  if (length === 0) return [`    ${shown}`];
  const before = (from > 0 ? 1 : 0) + displayWidth(visible(line.slice(from, place.column - 1)));
  const under = displayWidth(visible(line.slice(place.column - 1, end)));
  const squiggle = "~".repeat(Math.max(1, Math.min(under, displayWidth(shown) - before)));
  return [`    ${shown}`, `    ${" ".repeat(before)}${paint(style, "red", squiggle)}`];
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = { error: 0, warning: 1, info: 2 };
  return diagnostics
    .map((diagnostic, index) => ({ diagnostic, index }))
    .toSorted((a, b) => rank[a.diagnostic.severity] - rank[b.diagnostic.severity] || a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
}

type LineAt = (place: Place) => string | undefined;

/** Splits each text into lines once, however many diagnostics point into it. */
function sourceLines(texts: Texts): LineAt {
  const split = new Map<string, string[]>();
  return (place) => {
    let lines = split.get(place.file);
    if (lines === undefined) {
      lines = (texts.get(place.file) ?? "").split(/\r\n|\n|\r/);
      split.set(place.file, lines);
    }
    return lines[place.line - 1];
  };
}
