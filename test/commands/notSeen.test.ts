import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notSeen } from "../../src/commands/notSeen.ts";
import { gitIn, makeRepository } from "../git/makeRepository.ts";
import { makePlan } from "../makePlan.ts";
import { makeWorld } from "./world.ts";
import { answer } from "../../src/commands/commandLine.ts";

test("names submodules that are checked out, and none that are not", () => {
  const library = makeRepository();
  const { folder, git } = makeRepository();
  const plan = makePlan({ tasks: ["T1"] });
  expect(notSeen(folder, plan)).toEqual([]);
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.folder, "libs/one");
  git("commit", "-q", "-m", "with a submodule");
  expect(notSeen(folder, plan)).toEqual([expect.stringMatching(/^Submodules, .*: libs\/one\.$/)]);
  git("submodule", "--quiet", "deinit", "--force", "libs/one");
  expect(notSeen(folder, plan)).toEqual([]);
});

test("what workers will not see is said with the preview, before anybody says go", async () => {
  const { folder } = makeRepository({ "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n" });
  const git = gitIn(folder);
  git("checkout", "-q", "-b", "orchestrate/rone/integration");
  git("commit", "-q", "--allow-empty", "-m", "merged work");
  git("checkout", "-q", "main");
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/new.ts"), "");
  const world = makeWorld({ cwd: folder, stdin: () => "tasks.md" });
  const asked = (await answer(["request", "-", "--headless"], world)).out;
  const dry = (await answer(["run", "tasks.md", "--dry-run"], world)).out;
  for (const said of [asked.slice(0, asked.indexOf("When they say go")), dry]) {
    expect(said).toContain("Not committed, and so not seen by any worker: src/new.ts.");
    expect(said).toContain("what run rone merged");
  }
});
