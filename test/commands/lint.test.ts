import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PlanFailure } from "../../src/model/plan.ts";
import { makeProject } from "./world.ts";

const clean = "- [ ] T1 Do it in src/a.ts\n- [ ] T2 Do that in src/b.ts\n";

test("a clean list exits with 0", async () => {
  const { ask } = makeProject({ "tasks.md": clean });
  expect(await ask(["lint", "tasks.md"])).toEqual({ out: "Nothing to mend.\n", err: "", code: 0 });
});

test("findings come with file:line:column and exit code 1, and nothing is written", async () => {
  const { ask, folder } = makeProject({ "tasks.md": "- [ ] T1 Do it in src/a.ts\n- [ ]T2 Do that in src/b.ts\n" });
  const { out, code } = await ask(["lint", "tasks.md"]);
  expect(out).toContain("tasks.md:2:6: warning: ");
  expect(out).toContain("`--fix` mends 1 of them");
  expect(code).toBe(1);
  expect(readFileSync(join(folder, "tasks.md"), "utf8")).toContain("- [ ]T2");
});

test("--fix mends what is safe, keeps every other byte, and exits by what is left", async () => {
  const { ask, folder } = makeProject({ "tasks.md": `\ufeff${clean.replace("] T2", "]T2")}`.replaceAll("\n", "\r\n") });
  expect(await ask(["lint", "tasks.md", "--fix"])).toEqual({
    out: "tasks.md: 1 change made\nNothing to mend.\n",
    err: "",
    code: 0,
  });
  expect(readFileSync(join(folder, "tasks.md"), "utf8")).toBe(`\ufeff${clean}`.replaceAll("\n", "\r\n"));
});

test("--json is what its schema says", async () => {
  const { ask } = makeProject({ "tasks.md": "- [ ] T1 Stuff\n" });
  const { out, code } = await ask(["lint", "tasks.md", "--json"]);
  expect(PlanFailure.parse(JSON.parse(out)).diagnostics.map(({ rule }) => rule)).toEqual(["vague-title"]);
  expect(code).toBe(1);
});

test("wrong use exits with 2", async () => {
  const { ask } = makeProject();
  expect((await ask(["lint"])).code).toBe(2);
  expect((await ask(["lint", "-", "--fix"])).code).toBe(2);
  expect((await ask(["lint", "tasks.md", "--fixx"])).code).toBe(2);
});

test("annotate writes the words into the file and says so; a second time it changes nothing", async () => {
  const { ask, folder } = makeProject({ "tasks.md": clean });
  expect(await ask(["annotate", "tasks.md", "T2", "--after", "t1"])).toEqual({
    out: "tasks.md: written that `T2` waits for `T1`.\n",
    err: "",
    code: 0,
  });
  expect(readFileSync(join(folder, "tasks.md"), "utf8")).toBe(clean.replace("src/b.ts", "src/b.ts (depends on T1)"));
  expect((await ask(["annotate", "tasks.md", "T2", "--after", "T1"])).out).toContain("says so already");
});

test("annotate refuses a cycle with exit code 1 and leaves the file alone", async () => {
  const text = clean.replace("src/b.ts", "src/b.ts (depends on T1)");
  const { ask, folder } = makeProject({ "tasks.md": text });
  const { err, code } = await ask(["annotate", "tasks.md", "T1", "--after", "T2"]);
  expect(err).toContain("[cycle]");
  expect(err).toContain("Nothing was written.");
  expect(code).toBe(1);
  expect(readFileSync(join(folder, "tasks.md"), "utf8")).toBe(text);
});

test("annotate of a task that is not there names the nearest, with exit code 2", async () => {
  const { ask } = makeProject({ "tasks.md": clean });
  expect(await ask(["annotate", "tasks.md", "T9", "--after", "T1"])).toMatchObject({ code: 2, out: "" });
  expect((await ask(["annotate", "tasks.md"])).code).toBe(2);
});
