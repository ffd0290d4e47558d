import { expect, test } from "vitest";
import { deliver, type Delivery } from "../../src/git/deliver.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { makeRepository, reason, run, taken, workOf } from "./makeRepository.ts";

async function merged() {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(folder, "t2.x", base, { "c.txt": "c\n" });
  const { head, merged: tasks } = taken(await mergeWork(folder, run, base, [one, two], async () => null));
  const give = (into: string, as: Delivery["as"]) => deliver(folder, run, { into, as, base, head, tasks });
  return { folder, base, git, one, two, head, give };
}

test("the work is merged into a new branch or into one that went on meanwhile, without a checkout", async () => {
  const { base, git, head, give } = await merged();
  const [fresh] = taken(await give("feature/new", "merge")).branches;
  expect(git("log", "-1", "--format=%P", "feature/new")).toBe(`${base} ${head}`);
  expect(fresh).toEqual({ branch: "feature/new", commit: git("rev-parse", "feature/new") });
  git("branch", "dev");
  const tip = git("commit-tree", `${base}^{tree}`, "-p", base, "-m", "meanwhile");
  git("update-ref", "refs/heads/dev", tip);
  const first = taken(await give("dev", "merge"));
  expect(git("log", "-1", "--format=%P", "dev")).toBe(`${tip} ${head}`);
  expect(git("ls-tree", "--name-only", "dev")).toBe("a.txt\nb.txt\nc.txt");
  expect(await give("dev", "merge")).toEqual(first);
});

test("a branch that is checked out is refused with the command to type", async () => {
  const { folder, base, git, give } = await merged();
  const why = reason(await give("main", "merge"));
  expect(why).toContain(folder);
  expect(why).toContain("git merge --no-ff orchestrate/r24jx9/integration");
  expect(git("rev-parse", "main")).toBe(base);
});

test("a conflict with the branch is refused with its files", async () => {
  const { folder, base, git, give } = await merged();
  const other = await workOf(folder, "T9", base, { "b.txt": "other\n" });
  git("branch", "dev", other.commit);
  expect(reason(await give("dev", "merge"))).toContain("in b.txt");
  expect(git("rev-parse", "dev")).toBe(other.commit);
});

test("each task gets its own branch at its own work, all or none", async () => {
  const { base, git, one, two, give } = await merged();
  const given = taken(await give("part", "branches"));
  expect(given.branches.map(({ commit }) => commit)).toEqual([one.commit, two.commit]);
  for (const { branch, commit } of given.branches) expect(git("rev-parse", branch)).toBe(commit);
  expect(await give("part", "branches")).toEqual(given);
  git("branch", "other-T1", base);
  expect(reason(await give("other", "branches"))).toContain("other-T1 exists already");
  expect(git("for-each-ref", "refs/heads/other-*")).not.toContain("t2");
});

test("a stack is a line of one commit a task, and comes out the same again", async () => {
  const { base, git, head, give } = await merged();
  const given = taken(await give("stack", "stack"));
  expect(given.branches.map(({ branch }) => branch)).toEqual(["stack-1-T1", expect.stringMatching(/^stack-2-t2-x-/)]);
  const [first, second] = given.branches.map(({ commit }) => commit);
  expect(git("log", "--format=%H %P %s", `${base}..${second}`)).toBe(
    `${second} ${first} t2.x: Do t2.x\n${first} ${base} T1: Do T1`,
  );
  expect(git("rev-parse", `${second}^{tree}`)).toBe(git("rev-parse", `${head}^{tree}`));
  expect(await give("stack", "stack")).toEqual(given);
});

test("a name that is none, or ours, or nothing to deliver, is refused", async () => {
  const { folder, base, give } = await merged();
  for (const name of ["a..b", "-x", "", "x.lock", "orchestrate/r24jx9/integration"]) reason(await give(name, "merge"));
  expect(reason(await deliver(folder, run, { into: "x", as: "merge", base, head: base, tasks: [] }))).toContain(
    "nothing was merged",
  );
});
