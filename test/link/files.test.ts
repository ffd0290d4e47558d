import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { overlaps, parseScope } from "../../src/link/locks/scope.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskGraph } from "../../src/model/graph.ts";
import { edgesOf, linked, rulesOf } from "./help.ts";
import { makeList, type TaskSketch } from "./make.ts";

function locksOf(tasks: readonly TaskSketch[]): string[] {
  return linked({ tasks }).locks.map(
    (lock) =>
      `${lock.on} ${lock.capacity}: ${lock.holders.map((holder) => `${holder.task}×${holder.amount}`).join(" ")}`,
  );
}

/** Whether the locks keep two tasks apart. */
function apart(graph: TaskGraph, a: string, b: string): boolean {
  return graph.locks.some((lock) => {
    const amounts = [a, b].map((id) => lock.holders.find((holder) => holder.task === id)?.amount ?? 0);
    return amounts.every((amount) => amount > 0) && (amounts[0] ?? 0) + (amounts[1] ?? 0) > lock.capacity;
  });
}

describe("locks", () => {
  test("two writers of a file take all of it, a reader one unit", () => {
    expect(
      locksOf([
        { id: "A", files: ["a.ts"] },
        { id: "B", files: ["./a.ts"] },
        { id: "C", files: ["?a.ts"] },
      ]),
    ).toEqual(["a.ts 3: A×3 B×3 C×1"]);
  });

  test("readers alone need no lock", () => {
    expect(
      locksOf([
        { id: "A", files: ["?a.ts"] },
        { id: "B", files: ["?a.ts"] },
      ]),
    ).toEqual([]);
  });

  test("a writer of a folder keeps out whoever is in it, who do not keep out each other", () => {
    const graph = linked({
      tasks: [
        { id: "A", files: ["src/"] },
        { id: "B", files: ["src/b.ts"] },
        { id: "C", files: ["src/c.ts"] },
      ],
    });
    expect([apart(graph, "A", "B"), apart(graph, "A", "C"), apart(graph, "B", "C")]).toEqual([true, true, false]);
  });

  test("a reader of a folder is kept from a writer in it, not from another reader", () => {
    const graph = linked({
      tasks: [
        { id: "A", files: ["?src/"] },
        { id: "B", files: ["src/b.ts"] },
        { id: "C", files: ["?src/c.ts"] },
      ],
    });
    expect([apart(graph, "A", "B"), apart(graph, "A", "C"), apart(graph, "B", "C")]).toEqual([true, false, false]);
  });

  test("locks keep apart exactly the tasks that overlap with a writer among them", () => {
    const path = fc.constantFrom(
      "a",
      "a/",
      "a/b.ts",
      "a/*.ts",
      "c/**",
      "c/d.ts",
      "**/d.ts",
      "e.ts",
      "[x]/y.ts",
      "/r/a/b.ts",
      "./",
    );
    const file = fc.tuple(path, fc.constantFrom("", "?")).map(([written, mode]) => mode + written);
    fc.assert(
      fc.property(fc.array(fc.array(file, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 6 }), (all) => {
        const graph = linked({ tasks: all.map((files, index) => ({ id: `T${index}`, files })) });
        for (const [i, left] of all.entries()) {
          for (const [j, right] of all.entries()) {
            if (i >= j) continue;
            const wanted = left.some((a) => right.some((b) => (a[0] !== "?" || b[0] !== "?") && meets(a, b)));
            expect(apart(graph, `T${i}`, `T${j}`), `${left.join(" ")} | ${right.join(" ")}`).toBe(wanted);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("tasks that change the package manifest share it, said or declared", () => {
    const tasks: TaskSketch[] = [
      { id: "A", files: ["package.json"] },
      { id: "B", title: "Install the zod package", files: ["src/b.ts"] },
    ];
    expect(locksOf(tasks)).toEqual(["package manifest and lock file 1: A×1 B×1"]);
  });

  test("a named resource admits as many tasks as the config says", () => {
    const tasks = ["A", "B", "C"].map((id) => ({ id, resources: ["database"] }));
    const config = { ...defaultConfig, resources: { database: 2 } };
    const outcome = link(makeList({ tasks }), config);
    expect(outcome.ok && outcome.value.locks.map(({ on, capacity }) => [on, capacity])).toEqual([["database", 2]]);
  });
});

function meets(a: string, b: string): boolean {
  const [left, right] = [parseScope(a.replace("?", "")), parseScope(b.replace("?", ""))];
  return left !== null && right !== null && overlaps(left, right);
}

describe("files in order", () => {
  test("who creates a file comes before who uses it", () => {
    expect(
      edgesOf({
        tasks: [
          { id: "A", files: ["?a.ts"] },
          { id: "B", files: ["+a.ts"] },
          { id: "C", files: ["a.ts"] },
        ],
      }),
    ).toEqual(["B→A file", "B→C file"]);
  });

  test("two creators of one file are kept apart, not ordered", () => {
    expect(
      edgesOf({
        tasks: [
          { id: "A", files: ["+a.ts"] },
          { id: "B", files: ["+a.ts"] },
        ],
      }),
    ).toEqual([]);
  });

  test("a stated order the other way is not contradicted", () => {
    const tasks = [
      { id: "A", files: ["a.ts"] },
      { id: "B", files: ["+a.ts"], dependsOn: ["A"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["A→B stated"]);
  });

  test("file edges make no cycle among themselves", () => {
    const tasks = [
      { id: "A", files: ["+a.ts", "b.ts"] },
      { id: "B", files: ["+b.ts", "a.ts"] },
    ];
    expect(edgesOf({ tasks })).toHaveLength(1);
  });

  test("marks that put two writers of a file side by side are warned of", () => {
    const tasks = ["A", "B"].map((id) => ({ id, parallel: true, files: ["a.ts"] }));
    expect(rulesOf({ tasks, order: "barriers" })).toEqual(["parallel-same-file"]);
  });

  test("a path outside the project is warned of and still locked", () => {
    const tasks = ["A", "B"].map((id) => ({ id, files: ["/etc/hosts"] }));
    expect(rulesOf({ tasks })).toEqual(["outside-project", "outside-project"]);
    expect(locksOf(tasks)).toEqual(["/etc/hosts 2: A×2 B×2"]);
  });
});

describe("tasks that run alone", () => {
  const tasks: TaskSketch[] = [
    { id: "unknown" },
    { id: "marked", parallel: true },
    { id: "known", files: ["a.ts"] },
    { id: "sequential", parallel: false, files: ["b.ts"] },
    { id: "gate", gate: true, files: ["c.ts"] },
    { id: "vouched", phaseIndex: 0 },
  ];

  test("are checkpoints, sequential ones, and those whose files nobody knows or vouches for", () => {
    const graph = linked({ tasks, phases: [{ parallel: true }] });
    expect(graph.alone.map(({ task }) => task)).toEqual(["unknown", "sequential", "gate"]);
  });

  test("a person's word in the config vouches for unknown files", () => {
    const outcome = link(makeList({ tasks, phases: [{ parallel: true }] }), { ...defaultConfig, parallel: true });
    expect(outcome.ok && outcome.value.alone.map(({ task }) => task)).toEqual(["sequential", "gate"]);
  });
});

describe("many patterns that overlap", () => {
  const many = (count: number, pattern: (index: number) => string): TaskSketch[] =>
    Array.from({ length: count }, (_, index) => ({ id: `T${index}`, files: [pattern(index)] }));

  test.each([
    ["each with each", (index: number) => `src/**/*m${index}*.ts`],
    ["in two kinds", (index: number) => (index % 2 === 0 ? `a/*x${index}*` : `b/**/*${index}`)],
    ["with readers among them", (index: number) => `${index % 3 === 0 ? "?" : ""}src/*${index}*/**`],
    ["with files of some", (index: number) => (index % 5 === 0 ? `src/f${index}.ts` : `src/*${index}*`)],
  ])("%s are kept apart exactly where two of them meet and one writes", (_, pattern) => {
    const tasks = many(44, pattern);
    const graph = linked({ tasks });
    const scopes = tasks.map(({ files }) => parseScope((files?.[0] ?? "").replace(/^\?/, ""))!);
    const reads = tasks.map(({ files }) => files?.[0]?.startsWith("?") === true);
    for (const [a, one] of scopes.entries())
      for (const [b, other] of scopes.entries()) {
        if (a >= b) continue;
        const meet = overlaps(one, other) && !(reads[a] === true && reads[b] === true);
        expect([`${one.text} ${other.text}`, apart(graph, `T${a}`, `T${b}`)]).toEqual([
          `${one.text} ${other.text}`,
          meet,
        ]);
      }
  });

  test.each([
    ["each with each", (index: number) => `src/**/*m${index}*.ts`],
    ["in ten folders", (index: number) => `p${index % 10}/**/*m${index}*.ts`],
    ["everywhere", (index: number) => `**/*${index}`],
  ])("%s need locks that grow as their number does", (_, pattern) => {
    const graph = linked({ tasks: many(1_000, pattern) });
    const holders = graph.locks.reduce((sum, lock) => sum + lock.holders.length, 0);
    expect(holders).toBeGreaterThan(0);
    expect(holders).toBeLessThanOrEqual(3_000);
  });
});
