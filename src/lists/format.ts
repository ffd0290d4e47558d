import type { TaskList } from "../model/list.ts";
import type { Data } from "./data.ts";
import type { FrontMatter } from "./frontMatter.ts";
import type { MarkdownDocument } from "./markdown/scan.ts";
import type { Syntax } from "./write/syntax.ts";

/*
 * How to add a format:
 * 1. Write `src/lists/formats/<name>.ts`. A list kept as data (JSON, YAML, CSV, or files with front matter) is a
 *    declaration, see `declared.ts` and `ralph.ts`; anything else is one exported `Format`, see `speckit.ts`.
 * 2. Add it to the list in `readList.ts`, and a small fixture under `test/fixtures/read/`. Everything else follows:
 *    discovery, detection, duplicate and unsafe ids, ticking, annotating, and its row in `docs/formats.md`.
 * `detect` looks at what the text says, never at the file's name alone, and scores it: 0.9 for marks that only this
 * tool writes, 0.6 for marks that it shares, below 0.3 for what any list may look like.
 */

/** A text and the views of it that formats share. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly markdown: MarkdownDocument;
  readonly frontMatter: FrontMatter;
  /** YAML or JSON with positions, when the text as a whole is that. */
  readonly data: Data | null;
  /** The other files of a list that is a folder, by path; empty when the list is one file. */
  readonly others: readonly Source[];
  /** What `--format name:part` names inside the source, such as one of several tags; null when absent. */
  readonly part: string | null;
}

/** The files of a list, in order. */
export function together(source: Source): readonly Source[] {
  return [source, ...source.others];
}

export interface Detection {
  /** 0 to 1. */
  readonly score: number;
  /** What was seen, in words: `12 boxes with ids such as T001`. */
  readonly evidence: string;
}

/** What a format makes of a text. Ids are as written: `readText` makes them unique. */
export type FormatList = Omit<TaskList, "format" | "detected" | "sources">;

export interface Format {
  /** As in `--format speckit`. */
  readonly name: string;
  readonly title: string;
  /** File names or folders that break a tie between formats that score alike. */
  readonly path: RegExp | null;
  /**
   * For a list of several files: the folder of the list that a file with this path may belong to, by its name alone,
   * or null. Files with one folder are read together, and their front matter belongs to the format's own tool.
   */
  readonly folder?: (path: string) => string | null;
  /** Names of files that stand for the whole folder when a person names one of them. */
  readonly main?: RegExp;
  /** Hidden folders in which its tool keeps lists. */
  readonly hidden?: readonly string[];
  /** How it writes that a task waits for others; in words at the end of the task's line when absent. */
  readonly waits?: Syntax;
  /** Its row in `docs/formats.md`: what to name, the order where the list states none, what ticking changes. */
  readonly page: { readonly where: string; readonly order: string; readonly ticked: string };
  readonly detect: (source: Source) => Detection | null;
  /** `firstNumber` is the id of the first task that has none. */
  readonly read: (source: Source, firstNumber: number) => FormatList;
}
