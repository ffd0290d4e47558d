import { expect, test } from "vitest";
import { meantFiles } from "../../src/link/evidence/meantFiles.ts";
import { repository } from "./help.ts";
import { makeList, type TaskSketch } from "./make.ts";

function paths(tasks: readonly TaskSketch[], known = repository()): string[][] {
  return meantFiles(makeList({ tasks }).tasks, ["specs/7/tasks.md"], known).map(({ files }) =>
    files.map(({ path }) => path),
  );
}

test("a bare name is the file of that name that the list names in full", () => {
  expect(
    paths([
      { id: "A", files: ["src/core/service.ts"] },
      { id: "B", files: ["service.ts"] },
    ]),
  ).toEqual([["src/core/service.ts"], ["src/core/service.ts"]]);
});

test("a bare name of several files may be any of them; beside its full path it says nothing more", () => {
  expect(
    paths([
      { id: "A", files: ["a/page.tsx", "page.tsx"] },
      { id: "B", files: ["b/page.tsx"] },
      { id: "C", files: ["page.tsx"] },
    ]),
  ).toEqual([["a/page.tsx"], ["b/page.tsx"], ["**/page.tsx"]]);
});

test("a file at the top of the project is meant by its bare name", () => {
  const tasks = [
    { id: "A", files: ["docs/README.md"] },
    { id: "B", files: ["README.md"] },
    { id: "C", files: ["web/vite.config.ts"] },
    { id: "D", files: ["vite.config.ts"] },
  ];
  expect(paths(tasks)[1]).toEqual(["README.md"]);
  expect(paths(tasks, repository({ files: ["vite.config.ts"] }))[3]).toEqual(["vite.config.ts"]);
});

test("the list itself is nobody's file", () => {
  expect(
    paths([
      { id: "A", files: ["tasks.md", "a.ts"] },
      { id: "B", files: ["specs/7/tasks.md"] },
    ]),
  ).toEqual([["a.ts"], []]);
});

test("an absolute path below the project is the project's own", () => {
  expect(
    paths([{ id: "A", files: ["/home/me/project/src/a.ts", "/home/me/project/", "/home/me/projects/b.ts"] }]),
  ).toEqual([["src/a.ts", "./", "/home/me/projects/b.ts"]]);
});
