import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { withCorpus } from "../corpus/withCorpus.ts";
import { findLists, mayBeList, readFiles } from "../../src/lists/readList.ts";

const corpus = "../shared/corpus";
const sets = existsSync(corpus)
  ? readdirSync(`${corpus}/expected`).filter((name) =>
      /^(?:task-master|ccpm|beads|backlog-md|gsd|spec-kitty|compozy)__/.test(name),
    )
  : [];
const differences: { set: string; edge?: string; task?: string; why: string }[] = JSON.parse(
  readFileSync(new URL("../corpus/differences.json", import.meta.url), "utf8"),
);

function filesOf(source: string): { file: string; bytes: Uint8Array }[] {
  const path = `${corpus}/${source}`;
  const names = statSync(path).isDirectory() ? readdirSync(path).map((name) => `${source}/${name}`) : [source];
  return names
    .filter((name) => name === source || mayBeList(name))
    .map((file) => ({ file, bytes: readFileSync(`${corpus}/${file}`) }));
}

withCorpus("real lists of several files and of data", () => {
  test.each(sets)("%s: every task is found, and the edges are those that it states", (name) => {
    const expected: { source: string; method: string; tasks: number; edges: Record<string, string[]> } = JSON.parse(
      readFileSync(`${corpus}/expected/${name}`, "utf8"),
    );
    const set = name.replace(/\.json$/, "");
    const [format = "", tag] = [set.split("__")[0], /tasks-9-tags__(.+)$/.exec(set)?.[1]];
    const files = filesOf(expected.source);
    const own = findLists(files).find((one) => one.format === format)?.files ?? [expected.source];
    const list = readFiles(
      files.filter(({ file }) => own.includes(file)),
      { format: tag === undefined ? undefined : `${format}:${tag}` },
    );
    if (!list.ok) throw new Error(JSON.stringify(list.diagnostics.slice(0, 3)));
    const { tasks } = list.value;
    const graph = link(list.value, defaultConfig);
    expect(list.value.format).toBe(format);
    const excused = differences.filter((one) => one.set === set);
    const whole = tasks.filter((task) => format !== "task-master" || task.parent === null);
    const extra = excused.filter(({ task }) => task !== undefined).length;
    expect(whole.length).toBe(expected.tasks + extra);
    const edges = graph.ok ? graph.value.edges : [];
    const ids = new Map(whole.map((task) => [task.id.toLowerCase(), task.id]));
    const found = edges
      .filter((edge) => edge.kind === "stated" || edge.kind === "graph")
      .map((edge) => `${edge.from} → ${edge.to}`)
      .filter((edge) => edge.split(" → ").every((id) => ids.has(id.toLowerCase())));
    // Prefixes changed over the years (`task-` to `BACK-`), and padding does not count.
    const idOf = (text: string): string | undefined =>
      ids.get(text.toLowerCase()) ??
      [...ids].find(([id]) => id.replace(/^[a-z]+-/, "") === text.replace(/^[a-z]+-/, ""))?.[1];
    const wanted = Object.entries(expected.edges).flatMap(([to, froms]) =>
      froms.flatMap((from) =>
        idOf(from) !== undefined && idOf(to) !== undefined ? `${idOf(from)} → ${idOf(to)}` : [],
      ),
    );
    const known = new Set(excused.map(({ edge }) => edge));
    const open = (all: string[]): string[] =>
      [...new Set(all)].filter((edge) => !known.has(edge) && !known.has("*")).toSorted();
    expect(open(found)).toEqual(open(wanted));
  });
});
