import { expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { openLedger } from "../../src/git/ledger.ts";
import { taskRef } from "../../src/git/names.ts";
import { createRun, record } from "../../src/run/store.ts";
import { makeRepository, taken, write } from "../git/makeRepository.ts";
import { makePlan } from "../makePlan.ts";
import { before, dispatched, merged } from "./headlessRun.ts";
import { makeWorld } from "./world.ts";

/** A headless run that has merged its two tasks into its own integration branch. */
async function merging() {
  const { folder, base, git } = makeRepository();
  const plan = makePlan({ tasks: ["T1", "T2"] });
  const created = createRun(folder, plan, {
    session: null,
    engine: "headless",
    asked: { sources: ["tasks.md"], flags: {} },
    base,
  })!;
  const { run } = created.state;
  const works = ["T1", "T2"].map((task) => {
    git("checkout", "-q", "--detach", base);
    write(folder, { [`${task}.txt`]: `${task}\n` });
    git("add", ".");
    git("commit", "-q", "-m", task);
    git("update-ref", taskRef(run, task), "HEAD");
    return { task, title: task, commit: git("rev-parse", "HEAD") };
  });
  git("checkout", "-q", "main");
  const { merged: merges } = taken(
    await mergeWork(taken(await openLedger(folder, run)).ledger, run, base, works, async () => null),
  );
  for (const { task, commit } of merges) {
    const events = [dispatched(task, before(9)), ...merged(task, before(8))];
    record(
      created,
      events.map((event) => (event.type === "merged" ? { ...event, commit } : event)),
    );
  }
  return { git, ask: (...line: string[]) => answer(line, makeWorld({ cwd: folder })) };
}

test.each(["merge", "branches", "stack"])(
  "what `merge --as %s` handed over, `clean` removes, and nothing before",
  async (as) => {
    const { git, ask } = await merging();
    const ours = (): string =>
      git("for-each-ref", "--format=%(refname)", "refs/heads/orchestrate/", "refs/orchestrate/");
    const early = await ask("clean");
    expect(early.out).not.toContain("removed orchestrate/");
    expect(ours().split("\n")).toHaveLength(4);
    expect(await ask("merge", "--into", "mine", "--as", as)).toMatchObject({ code: 0 });
    expect((await ask("clean")).out).not.toContain("kept");
    expect(ours()).toBe("");
  },
);

test.each([
  ["HEAD", "write the name of that branch"],
  ["refs/heads/zz", "write `zz`"],
])("`merge --into %s` is wrong use, and makes no branch", async (into, words) => {
  const { git, ask } = await merging();
  const refs = git("for-each-ref");
  const { code, err } = await ask("merge", "--into", into);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  expect(git("for-each-ref")).toBe(refs);
});
