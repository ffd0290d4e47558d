import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { readText } from "../../src/lists/readList.ts";
import { costOf } from "../growth.ts";
import { show } from "./table.ts";

/** The least processor time of several runs, in milliseconds: what the work itself takes. */
function least(work: () => void, runs: number): number {
  return Math.min(...Array.from({ length: runs }, () => costOf(work)));
}

/** A list as people write them: phases, sub-bullets, fields, files, dependencies. */
function markdown(tasks: number): string {
  const lines = ["# Tasks: A large feature", ""];
  for (let index = 1; index <= tasks; index += 1) {
    const id = `T${String(index).padStart(6, "0")}`;
    if (index % 50 === 1) lines.push(`## Phase ${Math.ceil(index / 50)}: Part`, "");
    const after = index % 50 === 1 ? "" : ` (depends on T${String(index - 1).padStart(6, "0")})`;
    lines.push(
      `- [ ] ${id} ${index % 3 === 0 ? "[P] " : ""}Implement part ${index} in \`src/part${index % 97}/file${index}.ts\`${after}`,
      `  - Create: \`src/part${index % 97}/made${index}.ts\``,
      "  - keep what is there, and write a test for each branch of it",
      `  - _Requirements: ${index % 9}.${index % 7}_`,
      "  - **Estimate**: 30m",
      "",
    );
  }
  return lines.join("\n");
}

function kiro(tasks: number): string {
  const lines = ["# Implementation Plan", ""];
  for (let index = 1; index <= tasks; index += 1) {
    const [major, minor] = [Math.ceil(index / 10), ((index - 1) % 10) + 1];
    if (minor === 1) lines.push(`- [ ] ${major}. Group ${major}`);
    lines.push(
      `  - [ ] ${major}.${minor} Make part ${index} in src/p${index}.ts`,
      "    - with care",
      `    - _Requirements: ${major}.1_`,
    );
  }
  return lines.join("\n");
}

function json(tasks: number): string {
  const entries = Array.from({ length: tasks }, (_, index) => ({
    id: index + 1,
    title: `part ${index}`,
    description: `Make part ${index} in src/p${index}.ts`,
    status: "pending",
    dependencies: index === 0 ? [] : [index],
    subtasks: [],
  }));
  return JSON.stringify({ master: { tasks: entries } }, null, 2);
}

const kinds = { markdown: [markdown, "tasks.md"], kiro: [kiro, "tasks.md"], json: [json, "tasks.json"] } as const;

test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
  "%s: 10,000 tasks in under a second, growing no faster than n^1.1",
  (kind) => {
    const [make, file] = kinds[kind];
    const read = (text: string): void => {
      const made = readText(text, file);
      if (!made.ok) throw new Error(JSON.stringify(made.diagnostics.slice(0, 2)));
    };
    const sizes = [1000, 10_000, 100_000];
    read(make(1000));
    const times = sizes.map((size) => least(() => read(make(size)), size > 10_000 ? 3 : 7));
    const [small = 0, middle = 0, large = 0] = times;
    const exponent = Math.log10(large / small) / 2;
    show(
      `reading ${kind}, user CPU in ms: ${sizes.map((size, index) => `${size} tasks ${(times[index] ?? 0).toFixed(0)}`).join(", ")}; grows as n^${exponent.toFixed(2)}`,
    );
    expect(middle).toBeLessThan(1000);
    expect(exponent).toBeLessThan(1.1);
  },
);

const head = "# Tasks\n\n- [ ] T001 First in src/a.ts\n";
const worst: Readonly<Record<string, (n: number) => string>> = {
  "lists nested deeper and deeper": (n) =>
    head +
    Array.from({ length: n / 50 }, (_, depth) => `${" ".repeat(Math.min(depth, 2000))}- [ ] step ${depth}`).join("\n"),
  backticks: (n) => `${head}- [ ] T002 ${"`".repeat(n)}\n- [ ] T003 ${"`a".repeat(n)}\n`,
  "open brackets": (n) => `${head}- [ ] T002 ${"[".repeat(2 * n)}\n`,
  "depends on, without an end": (n) => `${head}- [ ] T002 ${"(depends on ".repeat(n)}\n`,
  "fences that never close": (n) => head + "```ts\n- [ ] T9 x\n".repeat(n / 10) + "~~~~\n".repeat(n / 10),
  "longer and longer fences": (n) => head + Array.from({ length: n / 200 }, (_, at) => "`".repeat(3 + at)).join("\n"),
  "comments that never close": (n) => head + "<!--\n- [ ] T9 x\n".repeat(n / 10),
  "headings under each other": (n) =>
    head + Array.from({ length: n / 10 }, (_, at) => `${"#".repeat(1 + (at % 6))} Part ${at}`).join("\n"),
  arrows: (n) => `${head}\n## Dependencies\n\nT001 ${"→ T001 ".repeat(n / 10)}\n`,
  parentheses: (n) => `${head}- [ ] T002 do ${"(".repeat(n)}${")".repeat(n)}\n`,
  emphasis: (n) => `${head}- [ ] T002 ${"**a ".repeat(n)}\n- [ ] ${"~~".repeat(n)}\n`,
  blanks: (n) => `${head}- [ ] T002 a${" ".repeat(n)}b\n${" ".repeat(n)}\n- [ ]${"\t".repeat(n)}T003 x\n`,
  dots: (n) => `${head}- [ ] T002 see ${"a/".repeat(n)} and ${"1.".repeat(n)} and ${"../".repeat(n)}\n`,
  "ids that all look alike": (n) =>
    head + Array.from({ length: n / 50 }, () => "- [ ] T002 Same (depends on T001)").join("\n"),
  "a criterion for each": (n) => head + "  - Acceptance Criteria:\n    - [ ] it works\n".repeat(n / 50),
};

test.each(Object.keys(worst))("%s: linear at worst", (name) => {
  const make = worst[name];
  if (!make) throw new Error(name);
  const work = (n: number) => {
    const text = make(n);
    return least(() => {
      const made = readText(text, "tasks.md");
      if (made.ok) link(made.value, defaultConfig);
    }, 5);
  };
  work(5000);
  const [half, whole] = [work(25_000), work(50_000)];
  show(`${name}: ${half.toFixed(1)} ms, twice as much ${whole.toFixed(1)} ms`);
  // Below some milliseconds the clock decides.
  expect(whole).toBeLessThan(Math.max(60, 3 * half));
  expect(whole).toBeLessThan(2000);
});
