import { itemsAside } from "./make.ts";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { reachability } from "../../src/graph/reachability.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { ListedTask } from "../../src/model/task.ts";
import { readFiles } from "../../src/lists/readList.ts";

const folder = "test/fixtures/quirks";
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".expected.json"))
  .map((name) => name.replace(".expected.json", ""));

/** What a fixture expects; what it does not name is not looked at. */
interface Expected {
  readonly format?: string;
  /** The rule that refuses the whole list. */
  readonly refused?: string;
  readonly tasks?: readonly string[];
  /** All stated edges. */
  readonly edges?: readonly string[];
  /** `a<b`: a is done before b begins, whatever says so. */
  readonly pairs?: readonly string[];
  readonly order?: readonly string[];
  /** `a<b`: nothing says so. */
  readonly free?: readonly string[];
  /** Lines set aside. */
  readonly aside?: readonly number[];
  /** Rules among the diagnostics. */
  readonly rules?: readonly string[];
  readonly phases?: readonly string[];
  readonly optional?: readonly string[];
  readonly gates?: readonly string[];
  readonly titles?: Readonly<Record<string, string>>;
  readonly statuses?: Readonly<Record<string, string>>;
  readonly parallel?: Readonly<Record<string, boolean | null>>;
  readonly files?: Readonly<Record<string, readonly string[]>>;
  readonly acceptance?: Readonly<Record<string, readonly string[]>>;
  readonly estimates?: Readonly<Record<string, number>>;
  readonly agents?: Readonly<Record<string, string>>;
}

function filesOf(name: string): { file: string; bytes: Uint8Array }[] {
  const path = `${folder}/${name}`;
  if (!existsSync(path)) return [{ file: "tasks.md", bytes: readFileSync(`${path}.md`) }];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(`${path}/${file}`).isFile())
    .toSorted()
    .map((file) => ({ file, bytes: readFileSync(`${path}/${file}`) }));
}

test("each of the 44 known quirks has a fixture", () => {
  const numbers = new Set(names.map((name) => Number(name.slice(0, 2))));
  expect([...numbers]).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
});

test.each(names)("quirk %s", (name) => {
  const expected = JSON.parse(readFileSync(`${folder}/${name}.expected.json`, "utf8")) as Expected;
  const list = readFiles(filesOf(name));
  if (!list.ok) {
    expect(list.diagnostics.map(({ rule }) => rule)).toEqual([expected.refused]);
    return;
  }
  const { tasks, phases, setAside, format } = list.value;
  const graph = link(list.value, defaultConfig);
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  const { edges, diagnostics } = graph.value;
  const index = new Map(tasks.map((task, at) => [task.id, at]));
  const at = (id: string | undefined): number => index.get(id ?? "") ?? -1;
  const reaches = reachability(
    digraph(
      tasks.length,
      edges.map(({ from }) => at(from)),
      edges.map(({ to }) => at(to)),
    ),
  );
  const ordered = (pair: string): boolean => {
    const [from, to] = pair.split("<");
    return reaches(at(from), at(to));
  };
  const said = edges.filter(({ kind }) => kind === "stated" || kind === "graph" || kind === "section");
  const by = <Value>(wanted: object | undefined, value: (task: ListedTask) => Value) =>
    wanted && Object.fromEntries(tasks.filter(({ id }) => id in wanted).map((task) => [task.id, value(task)]));
  const found: Record<keyof Expected, unknown> = {
    format,
    refused: undefined,
    tasks: tasks.map(({ id }) => id),
    edges: said.map(({ from, to }) => `${from}→${to}`).toSorted(),
    pairs: expected.pairs?.filter(ordered),
    order: expected.order?.filter(ordered),
    free: expected.free?.filter((pair) => !ordered(pair)),
    aside: itemsAside({ setAside }).map(({ line }) => line),
    rules: expected.rules?.filter((rule) => diagnostics.some((one) => one.rule === rule)),
    phases: phases.map((phase) => phase.name),
    optional: tasks.filter((task) => task.optional).map(({ id }) => id),
    gates: tasks.filter((task) => task.gate).map(({ id }) => id),
    titles: by(expected.titles, (task) => task.title),
    statuses: by(expected.statuses, (task) => task.status),
    parallel: by(expected.parallel, (task) => task.parallel),
    files: by(expected.files, (task) => task.files.map(({ path }) => path).toSorted()),
    acceptance: by(expected.acceptance, (task) => task.acceptance),
    estimates: by(expected.estimates, (task) => task.estimate),
    agents: by(expected.agents, (task) => task.agent),
  };
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof Expected]]))).toEqual(expected);
});
