import type { Source } from "../lists/format.ts";
import { detectIssueList, issueOf, readIssueList } from "../lists/formats/githubList.ts";
import { readText } from "../lists/readList.ts";
import type { IssueHome, IssueMention } from "../lists/issueMention.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { TaskList } from "../model/list.ts";
import { issueOfRow } from "./body.ts";

/** What a master issue's body lists. */
export interface BodyList {
  /** Null when no list is in it. */
  readonly list: Omit<TaskList, "sources" | "detected"> | null;
  /** Why a list that a person asked for by its format cannot be read. */
  readonly faults: readonly Diagnostic[];
  /** The issues that rows name, by the row's index. */
  readonly rows: ReadonlyMap<number, IssueMention>;
}

/** Reads the list in a body: rows of issues, headings under "Sub-Tasks", or any list that a file may hold. */
export function readBodyList(source: Source, home: IssueHome, format: string | undefined): BodyList {
  const hasRow = source.markdown.lines.some(({ item }) => item?.box && issueOf(item.content, home) !== null);
  if (format === undefined && (hasRow || detectIssueList(source, home) !== null)) {
    const list = { ...readIssueList(source, 1, home), format: "github" };
    const rows = new Map<number, IssueMention>();
    for (const [index, task] of list.tasks.entries()) {
      const issue = issueOfRow(task.lines[0]?.text ?? "", task.source.column, home);
      if (issue !== null) rows.set(index, issue);
    }
    return { list, faults: [], rows };
  }
  const read = readText(source.text, source.file, { format });
  if (read.ok) return { list: read.value, faults: [], rows: new Map() };
  const faults = read.diagnostics.filter(({ rule }) => format !== undefined || rule !== "empty-list");
  return { list: null, faults, rows: new Map() };
}
