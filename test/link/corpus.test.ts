import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { withCorpus } from "../corpus/withCorpus.ts";
import { readText } from "../../src/lists/readList.ts";

const corpus = "../shared/corpus";
const files = existsSync(corpus)
  ? readdirSync(`${corpus}/expected`).filter((name) => /^(?:speckit|spec-workflow)__/.test(name))
  : [];

withCorpus("real lists", () => {
  test.each(files)("the edges that %s states are those found, no more and no fewer", (name) => {
    const expected: { source: string; edges: Record<string, string[]> } = JSON.parse(
      readFileSync(`${corpus}/expected/${name}`, "utf8"),
    );
    const list = readText(readFileSync(`${corpus}/${expected.source}`, "utf8"), expected.source);
    const graph = list.ok ? link(list.value, defaultConfig) : list;
    const edges = graph.ok ? graph.value.edges : [];
    const found = edges
      // "all tasks" is no id: the expected graphs leave it out
      .filter((edge) => edge.kind === "stated" && !/全タスク/.test(edge.evidence))
      .map((edge) => `${edge.from} → ${edge.to}`);
    // some expected ends are no tasks (`02` of "Integ-02"), and some tasks are set aside while reading
    const ids = new Set(list.ok ? list.value.tasks.map((task) => task.id) : []);
    const wanted = Object.entries(expected.edges).flatMap(([to, froms]) =>
      froms.filter((from) => ids.has(from) && ids.has(to)).map((from) => `${from} → ${to}`),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });
});
