import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { FileAccess, FileScope } from "../model/fileScope.ts";
import type { ListedTask } from "../model/task.ts";
import type { FormatList, Source } from "./format.ts";
import { findFiles } from "./paths.ts";
import { normalise } from "./paths.ts";

type Seed = Pick<ListedTask, "id" | "title" | "source"> & Partial<ListedTask>;

/**
 * A task from fields. Its dependencies are the tool's own fields: prose in the body is not searched for more, so
 * `lines` is the title alone.
 */
export function listed(seed: Seed): ListedTask {
  return {
    writtenId: seed.id,
    body: "",
    status: "pending",
    phase: null,
    phaseIndex: null,
    parent: null,
    files: [],
    resources: [],
    parallel: null,
    agent: null,
    model: null,
    effort: null,
    estimate: null,
    acceptance: [],
    requirements: [],
    verify: [],
    optional: false,
    gate: false,
    lines: [{ text: seed.title, place: seed.source }],
    dependsOn: [],
    blocks: [],
    foundation: false,
    story: null,
    box: null,
    ...seed,
  };
}

/** A list with nothing in it: what most data formats leave empty. */
export const nothing: FormatList = {
  title: null,
  tasks: [],
  phases: [],
  prose: [],
  order: "none",
  setAside: [],
  boxes: 0,
  options: {},
  diagnostics: [],
};

/** What a format says of a text that is not its own. */
export function notThis(source: Source, expected: string): FormatList {
  const place = { file: source.file, line: 1, column: 1 };
  return {
    ...nothing,
    diagnostics: [{ severity: "error", rule: "wrong-value", message: "Unexpected text", expected, place }],
  };
}

/** Paths of a field that holds nothing else. */
export function filesFrom(paths: readonly string[], access: FileAccess = "modify"): FileScope[] {
  return paths.map((path) => ({ path: normalise(path), access }));
}

/** Paths in prose, joined line by line. A line longer than any sentence is left out. */
export function filesIn(...texts: readonly (string | null)[]): FileScope[] {
  return texts.flatMap((text) => (text === null ? [] : findFiles(text)));
}

/** The lines of a Markdown file below its front matter, and the criteria in it: boxes and items under such a heading. */
export function bodyOf(source: Source): { body: string; acceptance: string[]; heading: string | null; start: Place } {
  const { lines, headings } = source.markdown;
  const body = lines.filter(({ kind }) => kind !== "frontMatter");
  const acceptance = body.flatMap(({ item, heading }) => {
    const under = headings[heading]?.name ?? "";
    return item && /^(?:acceptance criteria|definition of done|success criteria)/i.test(under) ? [item.content] : [];
  });
  const first = body.find(({ text }) => text.trim() !== "");
  return {
    body: body
      .map(({ text }) => text)
      .join("\n")
      .trim(),
    acceptance,
    heading: headings[0]?.name ?? null,
    start: first?.place ?? { file: source.file, line: 1, column: 1 },
  };
}

/** Boxes of files whose tasks are the files themselves: none is a task. */
export function boxesAside(sources: readonly Source[], reason: string): Pick<FormatList, "boxes" | "setAside"> {
  const setAside = sources.flatMap((source) =>
    source.markdown.lines
      .filter(({ boxed }) => boxed)
      .map(({ place, text }) => ({ file: source.file, line: place.line, text, reason })),
  );
  return { boxes: setAside.length, setAside };
}

export function warn(rule: string, message: string, expected: string, fix: string, place: Place): Diagnostic {
  return { severity: "warning", rule, message, expected, fix, place };
}
