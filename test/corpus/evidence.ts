import { existsSync, readFileSync } from "node:fs";
import { claimsOf } from "../../src/link/locks/claims.ts";
import { fileLocks } from "../../src/link/locks/files.ts";
import { hiddenDependencies } from "../../src/link/evidence/hidden.ts";
import { hotLocks } from "../../src/link/locks/hot.ts";
import { meantFiles } from "../../src/link/evidence/meantFiles.ts";
import { writersOf } from "../../src/link/evidence/writers.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { Lock } from "../../src/model/graph.ts";
import { readText } from "../../src/lists/readList.ts";
import { corpus } from "./formats.ts";
import type { Score } from "./scores.ts";

interface Labels {
  readonly apart: readonly string[];
  readonly before: readonly string[];
}

/** A pair `a b` that the code found, and what it calls it. */
interface Found {
  readonly kind: string;
  readonly pair: string;
}

/** Precision and recall of conflicts and of inferred edges against `labels.json`, by kind. */
export function scoreEvidence(): Score[] {
  const labels = new Map<string, Labels>(
    Object.entries(JSON.parse(readFileSync("test/corpus/labels.json", "utf8")) as Record<string, Labels>),
  );
  const apart = { found: [] as Found[], right: new Set<string>(), all: new Set<string>() };
  const before = { found: [] as Found[], right: new Set<string>(), all: new Set<string>() };
  for (const [name, label] of labels) {
    const path = `${corpus}/${name}`;
    const list = existsSync(path) ? readText(readFileSync(path, "utf8"), name) : null;
    if (list?.ok !== true) continue;
    const tasks = meantFiles(list.value.tasks, list.value.sources, null);
    const claims = claimsOf(tasks);
    const key = (pair: string): string => `${name} ${pair}`;
    const locks = [...fileLocks(claims, tasks), ...hotLocks(tasks, defaultConfig, null)];
    apart.found.push(...pairsApart(locks).map(({ kind, pair }) => ({ kind, pair: key(pair) })));
    const ordered = closure(label.before);
    // what must be in order must not run at once either
    for (const pair of [...label.apart, ...ordered]) for (const way of bothWays(pair)) apart.right.add(key(way));
    for (const pair of label.apart) apart.all.add(key(pair));
    const { statements, doubts } = hiddenDependencies(tasks, [], claims, writersOf(claims.claims), null);
    const id = (index: number | undefined): string => tasks[index ?? -1]?.id ?? "";
    before.found.push(
      ...statements.map((one) => ({
        kind: one.kind,
        pair: key(`${id(one.before.tasks[0])} ${id(one.after.tasks[0])}`),
      })),
      ...doubts.flatMap((doubt) =>
        doubt.effect === "before" ? { kind: "only asked", pair: key(doubt.tasks.join(" ")) } : [],
      ),
    );
    for (const pair of ordered) before.right.add(key(pair));
    for (const pair of label.before) before.all.add(key(pair));
  }
  return [...scores("conflict", apart), ...scores("edge", before)];
}

function pairsApart(locks: readonly Lock[]): Found[] {
  return locks.flatMap(({ kind, capacity, holders }) =>
    holders.flatMap((left, at) =>
      holders
        .slice(at + 1)
        .filter((right) => left.amount + right.amount > capacity)
        .map((right) => ({ kind, pair: `${left.task} ${right.task}` })),
    ),
  );
}

function bothWays(pair: string): string[] {
  const [a = "", b = ""] = pair.split(" ");
  return [`${a} ${b}`, `${b} ${a}`];
}

/** Everything that follows from pairs `a b` through others. */
function closure(pairs: readonly string[]): Set<string> {
  const known = new Set(pairs);
  for (let size = 0; size !== known.size;) {
    size = known.size;
    for (const first of known) {
      for (const second of known) {
        const [a = "", b = ""] = first.split(" ");
        const [c = "", d = ""] = second.split(" ");
        if (b === c) known.add(`${a} ${d}`);
      }
    }
  }
  return known;
}

function scores(
  name: string,
  side: { found: readonly Found[]; right: ReadonlySet<string>; all: ReadonlySet<string> },
): Score[] {
  const kinds = ["all that is acted upon", ...new Set(side.found.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const found = new Set(
      side.found.flatMap((one) =>
        one.kind === kind || (kind.startsWith("all") && one.kind !== "only asked") ? one.pair : [],
      ),
    );
    const right = [...found].filter((pair) => side.right.has(pair)).length;
    const recalled = [...side.all].filter((pair) => directions(pair, name).some((way) => found.has(way))).length;
    return { what: `${name}: ${kind}`, found: found.size, right, wanted: side.all.size, recalled };
  });
}

/** A conflict has no direction; the last two words of a key are the pair. */
function directions(key: string, name: string): string[] {
  if (name !== "conflict") return [key];
  const words = key.split(" ");
  const pair = words.splice(-2).join(" ");
  return bothWays(pair).map((way) => [...words, way].join(" "));
}
