import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deliver, type Delivery } from "../../src/git/deliver.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { gitIn, ledgerOf, makeRepository, reason, run, taken, workOf, write } from "./makeRepository.ts";

async function merged() {
  const { scratch, folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(ledger, "t2.x", base, { "c.txt": "c\n" });
  const { head, merged: tasks } = taken(await mergeWork(ledger, run, base, [one, two], async () => null));
  const give = (into: string, as: Delivery["as"]) => deliver(folder, run, { into, as, base, head, tasks });
  return { scratch, folder, ledger, base, git, one, two, head, give };
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

test.each([
  ["rebase", ["rebase", "-q", "--merge", "main"], "being rebased", "git rebase --abort"],
  ["rebase with patches", ["rebase", "-q", "--apply", "main"], "being rebased", "git rebase --abort"],
  ["rebase of a branch above it", ["rebase", "-q", "--update-refs", "main"], "being rebased", "git rebase --abort"],
  ["bisection", ["bisect", "start", "HEAD", "HEAD~3"], "being bisected", "git bisect reset"],
])(
  "a branch in the middle of a %s in some worktree is refused with what to type there",
  async (what, args, is, type) => {
    const { folder, scratch, base, git, give } = await merged();
    const there = join(scratch, "there");
    git("worktree", "add", "-q", "-b", "side", there, base);
    const inside = gitIn(there);
    for (const [at, text] of [
      [there, "side\n"],
      [folder, "main\n"],
    ] as const) {
      write(at, { "a.txt": text });
      gitIn(at)("commit", "-q", "-a", "-m", text.trim());
    }
    for (const more of ["more", "and more"]) inside("commit", "-q", "--allow-empty", "-m", more);
    if (what.includes("above")) {
      inside("checkout", "-q", "-b", "above");
      inside("commit", "-q", "--allow-empty", "-m", "above");
    }
    const tip = git("rev-parse", "side");
    try {
      inside(...args);
    } catch {
      // It stops at the conflict.
    }
    expect(inside("rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
    const why = reason(await give("side", "merge"));
    expect(why).toContain(`side is ${is} in ${there}`);
    expect(why).toContain(type);
    expect(git("rev-parse", "side")).toBe(tip);
    inside(...type.split(" ").slice(1));
    if (!what.includes("above")) expect(reason(await give("side", "merge"))).toContain("is checked out in");
  },
);

test("a conflict with the branch is refused with its files", async () => {
  const { ledger, base, git, give } = await merged();
  const other = await workOf(ledger, "T9", base, { "b.txt": "other\n" });
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

test("nothing to deliver is refused", async () => {
  const { folder, base } = await merged();
  expect(reason(await deliver(folder, run, { into: "x", as: "merge", base, head: base, tasks: [] }))).toContain(
    "nothing was merged",
  );
});

test.each<[string, (folder: string) => void]>([
  ["HEAD of the checkout", (folder) => rmSync(join(folder, ".git/HEAD"))],
  ["HEAD of a linked worktree", (folder) => write(folder, { ".git/worktrees/x/HEAD/x": "" })],
  ["the list of linked worktrees", (folder) => write(folder, { ".git/worktrees": "" })],
])("no branch is moved while it cannot be read which ones are checked out: %s", async (_, harm) => {
  const { folder, git, give } = await merged();
  git("branch", "dev");
  const before = git("for-each-ref");
  const head = readFileSync(join(folder, ".git/HEAD"));
  harm(folder);
  expect(reason(await give("dev", "merge"))).toMatch(/cannot be read|not in a git repository/);
  writeFileSync(join(folder, ".git/HEAD"), head);
  expect(git("for-each-ref")).toBe(before);
});

test("what a run merged can be delivered although somebody moved its branch", async () => {
  const { base, git, head, give } = await merged();
  git("branch", "-f", "orchestrate/r24jx9/integration", base);
  expect(reason(await give("main", "merge"))).toContain("git merge --no-ff refs/orchestrate/r24jx9/merged");
  const [given] = taken(await give("mine", "merge")).branches;
  expect(git("log", "-1", "--format=%P", given?.branch ?? "")).toBe(`${base} ${head}`);
});
