import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/**
 * What each folder of `src/` may import, beside what these may import themselves. `commands/` and the two programs, which put
 * everything together, may import all.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  text: [],
  graph: [],
  model: ["text"],
  process: ["model"],
  lists: ["model"],
  link: ["lists", "graph"],
  plan: ["model", "graph"],
  run: ["plan"],
  git: ["process"],
  repository: ["git"],
  github: ["lists", "process"],
  engines: ["run", "git"],
  show: ["run"],
  demo: ["run"],
};

/** Imports against the rule that stand today. The list only ever gets shorter: what is mended is taken out of it. */
const exceptions: readonly string[] = [
  "engines/headless/effects/inspect.ts → link",
  "engines/session/evidence.ts → link",
  "git/included.ts → run",
  "git/names.ts → run",
  "lists/dependencies.ts → link",
  "lists/write/annotate.ts → graph",
  "lists/write/annotate.ts → link",
  "lists/write/replaceText.ts → process",
  "run/bundle.ts → process",
  "run/claim.ts → engines",
  "run/claim.ts → process",
  "run/current.ts → process",
  "run/judge.ts → link",
  "run/projectClaim.ts → process",
  "run/store.ts → process",
  "run/tick.ts → lists",
  "run/tick.ts → process",
  "show/inbox.ts → git",
  "show/sight.ts → engines",
  "text/oneLine.ts → plan",
];

/** Every import of one folder from another, as `FOLDER/FILE → FOLDER`. */
function importsAcross(): ReadonlySet<string> {
  const names = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    /^[^/]+\/.*\.ts$/.test(name),
  );
  return new Set(
    names.flatMap((name) =>
      [...readFileSync(join("src", name), "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)]
        .map(([, path = ""]) => normalize(join(dirname(name), path)))
        // Texts that are programs themselves import what is not here.
        .filter((path) => existsSync(join("src", path)) && folderOf(path) !== folderOf(name))
        .map((path) => `${name} → ${folderOf(path)}`),
    ),
  );
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function reaches(from: string, to: string): boolean {
  return (mayImport[from] ?? []).some((next) => next === to || reaches(next, to));
}

const folders = readdirSync("src", { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
const against = [...importsAcross()]
  .filter((line) => {
    const [name = "", to = ""] = line.split(" → ");
    return folderOf(name) !== "commands" && !reaches(folderOf(name), to);
  })
  .toSorted();

test("every folder has its place in the order", () => {
  expect(folders.toSorted()).toEqual([...Object.keys(mayImport), "commands"].toSorted());
});

test("a folder imports only what is below it", () => {
  expect(against.filter((line) => !exceptions.includes(line))).toEqual([]);
});

test("an exception that nothing needs any more is taken out of the list", () => {
  expect(exceptions.filter((line) => !against.includes(line))).toEqual([]);
});
