import { expect, test } from "vitest";
import { earlierWork } from "../../src/commands/earlierWork.ts";
import { makeProject } from "../client/home.ts";

test("names the runs whose merged work a commit does not hold, and how it gets there", async () => {
  await using project = await makeProject({ "a.txt": "" });
  const { folder } = project;
  const git = (...args: string[]): Promise<string> => project.git(...args);
  expect(earlierWork(folder, "HEAD")).toEqual([]);
  await git("branch", "orchestrate/rnothing/integration");
  await git("checkout", "-q", "-b", "orchestrate/rone/integration");
  await git("commit", "-q", "--allow-empty", "-m", "merged work");
  await git("checkout", "-q", "-");
  expect(earlierWork(folder, "HEAD")).toEqual([
    "Not in this commit, and so not seen by any worker: what run rone merged. `git merge --no-ff orchestrate/rone/integration` brings it here.",
  ]);
  await git("branch", "orchestrate/rtwo/integration", "orchestrate/rone/integration");
  expect(earlierWork(folder, "HEAD").join("\n")).toContain("what the runs rone, rtwo merged");
  await git("merge", "-q", "--no-ff", "-m", "brought here", "orchestrate/rone/integration");
  expect(earlierWork(folder, "HEAD")).toEqual([]);
});
