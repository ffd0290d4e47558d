import { join } from "node:path";
import { expect, test } from "vitest";
import { integrationBranch, pins } from "../../src/git/names.ts";
import { branchTrouble } from "../../src/git/runBranch.ts";
import { makeRepository, run } from "./makeRepository.ts";

const branch = integrationBranch(run);
const pin = `${pins(run)}/merged`;

/** A run that merged one commit onto the base, with its branch there. */
function merged() {
  const repository = makeRepository();
  const { git, base, folder } = repository;
  const commit = (on: string, message: string): string => git("commit-tree", "-p", on, "-m", message, `${on}^{tree}`);
  const head = commit(base, "merged");
  git("update-ref", pin, head);
  git("branch", branch, head);
  return { ...repository, head, commit, look: (over = false) => branchTrouble(folder, run, head, over) };
}

test("a run's branch that stands where the run is, or where the run left it, is nothing to speak of", () => {
  const { look, git, base, head, commit } = merged();
  expect(look()).toBeNull();
  git("pack-refs", "--all");
  expect(look()).toBeNull();
  git("branch", "-f", branch, base);
  expect(look(), "behind: the next merge moves it").toBeNull();
  const ahead = commit(head, "merged, and not in the journal yet");
  git("update-ref", pin, ahead);
  git("branch", "-f", branch, ahead);
  expect(look()).toBeNull();
  git("branch", "-D", branch);
  expect(look(), "deleted: the next merge makes it again").toBeNull();
});

test.each([
  ["a commit on top of what is merged", (head: string) => head, false],
  ["a commit beside it", (_: string, base: string) => base, false],
  ["the same in packed refs", (head: string) => head, true],
])("%s on a run's branch is said, with where the merged work is and what to type", (_, on, packed) => {
  const { look, git, base, head, commit } = merged();
  const foreign = commit(on(head, base), "of a person");
  git("branch", "-f", branch, foreign);
  if (packed) git("pack-refs", "--all");
  for (const over of [false, true]) {
    const said = look(over) ?? "";
    expect(said).toContain(`${branch} holds ${foreign.slice(0, 12)}, which the run did not put there`);
    expect(said).toContain(`what the run merged is at ${pin}`);
    expect(said).toContain("`merge --into BRANCH`");
  }
  const typed =
    /`(git branch -m [^`]+)`/
      .exec(look() ?? "")?.[1]
      ?.split(" ")
      .slice(1) ?? [];
  git(...typed);
  expect(look()).toBeNull();
  expect(git("for-each-ref", "--contains", foreign, "refs/heads")).toContain(foreign);
});

test.each([
  ["the main checkout", false],
  ["a linked worktree", true],
])(
  "a run's branch that is checked out in %s is said while the run goes on, and afterwards where it lags behind",
  (_, linked) => {
    const { look, git, base, folder, scratch } = merged();
    const where = linked ? join(scratch, "there") : folder;
    if (linked) git("worktree", "add", "-q", where, branch);
    else git("checkout", "-q", branch);
    expect(look()).toContain(`${branch} is checked out in ${where} and is left as it is`);
    expect(look(true)).toBeNull();
    git("update-ref", `refs/heads/${branch}`, base);
    expect(look(true)).toContain(`${branch} is checked out in ${where}`);
  },
);

test.each(["orchestrate", `orchestrate/${run}`, `${branch}/more`])("a branch %s in its way is named", (other) => {
  const { look, git, head } = merged();
  git("branch", "-D", branch);
  git("branch", other, head);
  expect(look()).toContain(`${branch} cannot be made, because the branch ${other} is in its way`);
});
