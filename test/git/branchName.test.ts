import { expect, test } from "vitest";
import { branchNameProblem } from "../../src/git/branchName.ts";
import { makeRepository } from "./makeRepository.ts";

test("what git takes for another branch, or for no name, is refused with what to write; a plain name is not", async () => {
  const { folder, git } = makeRepository();
  git("checkout", "-q", "-b", "other");
  const said = async (name: string): Promise<string | null> => branchNameProblem(folder, name);
  expect(await said("refs/heads/zz")).toBe("`refs/heads/zz` is a full ref: write `zz`");
  expect(await said("refs/remotes/origin/zz")).toContain("write the name of one");
  for (const name of ["HEAD", "@", "@{-1}", "@{u}", "main@{1}"]) expect(await said(name)).toContain("another branch");
  for (const name of ["a..b", "-x", "", "x.lock", "a b"]) expect(await said(name)).toContain("not a name for a branch");
  expect(await said("orchestrate/r24jx9/integration")).toContain("among our own branches");
  for (const name of ["feature/new", "main", "réf"]) expect(await said(name)).toBeNull();
});
