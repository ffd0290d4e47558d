import { isSeq, type Node } from "yaml";
import type { Phase } from "../../model/list.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { parseData, type Data } from "../data.ts";
import { resolveFields } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesFrom, filesIn, listed, nothing, notThis } from "../listed.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { booleanOf, itemsOf, referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/**
 * Task Copilot: tasks with stream metadata, as JSON, in a fenced block of an agent's reply, or as rows of its database
 * (which whoever opens files hands on as JSON with `database: true`).
 */
export const taskCopilot: Format = {
  name: "task-copilot",
  title: "Task Copilot streams",
  path: /(?:^|\/)\.copilot\/|(?:^|\/)tasks\.db$/,
  page: {
    where: "JSON, or `tasks.db` with Node 22.13 or newer",
    order: "what its streams state",
    ticked: "its status",
  },
  hidden: [".copilot"],
  waits: { kind: "none", why: "Task Copilot knows dependencies between streams only, not between tasks" },
  detect,
  read,
};

function dataOf({ data, file, markdown }: Source): Data | null {
  if (data) return data;
  const start = markdown.lines.findIndex(({ kind, fence }) => kind === "code" && /^json\b/.test(fence ?? ""));
  const first = markdown.lines[start];
  if (!first) return null;
  const rest = markdown.lines.slice(start);
  const end = rest.findIndex(({ kind, fence }) => fence === null || kind === "fence");
  const block = rest.slice(0, end < 0 ? undefined : end).map(({ text }) => text);
  if (!block.some((text) => text.includes('"streamId"'))) return null;
  const parsed = parseData(block.join("\n"), file, first.place.line);
  return parsed.ok ? parsed.value : null;
}

function entriesOf(data: Data | null): readonly Node[] {
  return itemsOf(isSeq(data?.root) ? data.root : valueOf(data?.root, "tasks"));
}

function streamOf(entry: Node): string | null {
  return textOf(valueOf(valueOf(entry, "metadata"), "streamId"));
}

function detect(source: Source): Detection | null {
  const data = dataOf(source);
  const count = entriesOf(data).filter((entry) => streamOf(entry) !== null).length;
  if (count > 0) return { score: 0.95, evidence: `${count} tasks with \`metadata.streamId\`` };
  return booleanOf(valueOf(data?.root, "database")) === true
    ? { score: 0.9, evidence: "a Task Copilot database" }
    : null;
}

function read(source: Source): FormatList {
  const data = dataOf(source);
  if (!data) return notThis(source, "JSON with `tasks` that have `metadata.streamId`");
  const entries = entriesOf(data);
  const streams = new Map<string, { index: number; entries: Node[]; waits: Reference[] }>();
  for (const entry of entries) {
    const id = streamOf(entry) ?? "";
    const stream = streams.get(id) ?? { index: streams.size, entries: [], waits: [] };
    streams.set(id, stream);
    stream.entries.push(entry);
    const metadata = valueOf(entry, "metadata");
    const waits = valueOf(metadata, "dependencies", "streamDependencies");
    for (const wait of referencesOf(data, waits)) {
      if (!stream.waits.some(({ text }) => text === wait.text)) stream.waits.push(wait);
    }
  }
  const ids = new Map(entries.map((entry, index) => [entry, textOf(valueOf(entry, "id")) ?? String(index + 1)]));
  const database = booleanOf(valueOf(data.root, "database")) === true;
  // The tasks of a stream come one after another, so that its first waits for the last of the streams before it.
  const tasks = [...streams].flatMap(([name, stream]) =>
    stream.entries.map((entry, at): ListedTask => {
      const waits =
        at > 0
          ? []
          : stream.waits.flatMap(({ text, place }): Reference[] => {
              const last = streams.get(text)?.entries.at(-1);
              const target = last === undefined ? undefined : ids.get(last);
              return [{ text: target ?? text, place, kind: "graph" }];
            });
      const task = taskOf(entry, ids.get(entry) ?? "", data, source, waits);
      return { ...task, phase: name || null, phaseIndex: stream.index, ...(database ? { box: null } : {}) };
    }),
  );
  const phases = [...streams].map(
    ([
      name,
      {
        entries: [first],
      },
    ]): Phase => {
      const title = textOf(valueOf(valueOf(first, "metadata"), "streamName"));
      const full = title === null ? name : `${name}: ${title}`;
      const place = data.at(first);
      return { name: full, number: null, kind: null, story: null, parallel: null, ordered: false, parent: null, place };
    },
  );
  const resolved = resolveFields(tasks, { counts: "unmet", where: "no stream of this list" });
  return {
    ...nothing,
    ...resolved,
    title: textOf(valueOf(valueOf(data.root, "prd"), "title")),
    phases,
    order: "barriers",
  };
}

function taskOf(entry: Node, id: string, data: Data, source: Source, dependsOn: readonly Reference[]): ListedTask {
  const text = (key: string): string | null => textOf(valueOf(entry, key));
  const metadata = valueOf(entry, "metadata");
  const status = valueOf(entry, "status");
  const files = filesFrom([...textsOf(valueOf(metadata, "files")), ...textsOf(valueOf(metadata, "streamPaths"))]);
  return listed({
    id,
    title: text("title") ?? id,
    body: text("description") ?? "",
    source: data.at(entry),
    status: statusOf(textOf(status)),
    agent: textOf(valueOf(metadata, "assignedAgent")) ?? text("assignedAgent"),
    files: files.length > 0 ? files : mergeFiles(filesIn(text("description"))),
    acceptance: textsOf(valueOf(metadata, "acceptanceCriteria")),
    dependsOn,
    box: statusBox(source, data, status, { done: "completed", open: "pending" }),
  });
}
