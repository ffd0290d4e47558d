import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { inspect } from "../../../src/engines/headless/effects/inspect.ts";
import type { Surroundings } from "../../../src/engines/headless/effects/surroundings.ts";
import { attemptFiles, type WorkerEnd, type WorkerReport } from "../../../src/engines/headless/keeper/files.ts";
import type { Config } from "../../../src/model/config.ts";
import type { Event, WorkPlace } from "../../../src/model/event.ts";
import { buildHelper } from "../../buildHelper.ts";
import { taskRef } from "../../../src/git/names.ts";
import { gitIn, handedTree, ledgerOf, makeRepository, run, write } from "../../git/makeRepository.ts";
import { makePlan, type TaskSketch } from "../../makePlan.ts";
import { at, ended, stateAfter } from "./desk.ts";

/** A task `T1` whose worker has its worktree, and the look at what it left. */
async function begin(
  task: Omit<TaskSketch, "id"> = {},
  { files, config = {}, cli = "" }: { files?: Record<string, string>; config?: Partial<Config>; cli?: string } = {},
) {
  const { folder: project, base } = makeRepository(files);
  const ledger = await ledgerOf(project);
  const { root: path } = await handedTree(ledger, "T1", base);
  const worktree = `.orchestrate/worktrees/${run}/T1`;
  const branch = taskRef(run, "T1");
  const folder = ".orchestrate/runs/r1/tasks/T1/1";
  const place: WorkPlace = { worktree, branch, base, folder, resume: null, slot: 0, dollars: null };
  mkdirSync(join(project, folder), { recursive: true });
  const plan = makePlan({ tasks: [{ id: "T1", ...task }], config });
  const events: Event[] = [
    { type: "dispatched", at, task: "T1", attempt: 1, claim: "claim", client: null, before: {}, place },
    ended("T1", "finished", { claim: "claim" }),
  ];
  return {
    project,
    path,
    /** Sends the worker back, and what it does next is looked at with that in mind. */
    sentBack: (reason: string) => events.push({ type: "sent-back", at, task: "T1", reason }),
    /** The look after a custom worker's report, from `base`, when the place is not the first. */
    look: async (
      status: WorkerReport["status"] = "DONE",
      from = base,
      ref = branch,
      reported: readonly string[] = [],
    ) => {
      writeFileSync(attemptFiles(join(project, folder)).end, JSON.stringify(endWith(status, reported)));
      const state = stateAfter(plan, events);
      const surroundings: Surroundings = {
        project,
        folder: join(project, ".orchestrate/runs/r1"),
        index: indexPlan(plan),
        state,
        ledger,
        cli: () => cli,
        env: process.env,
        token: "token-of-the-test",
        tell: () => undefined,
        aborted: new AbortController().signal,
      };
      const effect = {
        do: "verify",
        task: "T1",
        claim: "claim",
        place: { ...place, base: from, branch: ref },
      } as const;
      return (await inspect(effect, surroundings)).judgement;
    },
  };
}

function endWith(status: WorkerReport["status"], files: readonly string[]): WorkerEnd {
  return {
    schema: 1,
    outcome: "finished",
    reason: "",
    session: null,
    text: "",
    report: { status, summary: "what it says", files: [...files], outside: [] },
    tokens: null,
    dollars: null,
    ranCommands: false,
    permissionDenials: [],
    seconds: 1,
    waitSeconds: 0,
  };
}

const short = (...words: string[]) => ({
  kind: "short",
  reason: expect.stringMatching(new RegExp(words.join(".*"), "s")) as string,
});

test("work in a repository within the worktree, which no commit holds, goes back with the folder's name", async () => {
  const { path, look } = await begin();
  write(path, { "a.txt": "changed\n", "tool/main.ts": "x\n" });
  gitIn(join(path, "tool"))("init", "-q");
  expect(await look()).toMatchObject(
    short("tool/\\.git makes that folder a repository of its own", "is in no commit", "submodule"),
  );
});

test("plain DONE without a changed file goes back; DONE_WITH_CONCERNS and a gate are taken", async () => {
  const open = await begin();
  expect(await open.look()).toMatchObject(short("^no file changed", "report DONE_WITH_CONCERNS and say why"));
  expect(await open.look("DONE_WITH_CONCERNS")).toMatchObject({
    kind: "verified",
    concerns: ["what it says", "changed no file"],
  });
  const own = await begin({ files: [{ path: "a.txt", access: "modify" }] });
  expect(await own.look()).toMatchObject(short("nothing changed in your worktree \\(a\\.txt\\)"));
  expect(await (await begin({ gate: true })).look()).toMatchObject({ kind: "verified", concerns: [] });
});

test("a task whose file git ignores is told so once; what was done in another file is then taken, nothing is not", async () => {
  const one = await begin(
    { files: [{ path: "src/a.ts", access: "create" }] },
    { files: { ".gitignore": "src/a.ts\n" } },
  );
  write(one.path, { "src/a.ts": "x\n" });
  const first = await one.look();
  expect(first).toMatchObject(short("git ignores src/a\\.ts"));
  if (first.kind !== "short") return expect.fail();
  one.sentBack(first.reason);
  expect(await one.look()).toMatchObject({ kind: "failed", reason: expect.stringContaining("git ignores src/a.ts") });
  write(one.path, { "src/b.ts": "x\n" });
  expect(await one.look()).toMatchObject({
    kind: "verified",
    strayed: ["src/b.ts"],
    concerns: [expect.stringContaining("git ignores src/a.ts")],
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ["one", ["b.txt", "dist/x.js"], ["dist/x.js"]],
  ["several, in other spellings", ["./dist/x.js", "dist//y.js"], ["dist/x.js", "dist/y.js"]],
  [
    "none that is not there, lies outside or is in the commit",
    ["b.txt", "dist/never.js", "../dist/x.js", "/dist/x.js"],
    [],
  ],
])("a reported file that git ignores is said to be in no commit: %s", async (_, reported, hidden) => {
  const one = await begin({}, { files: { ".gitignore": "dist/\n" } });
  write(one.path, { "b.txt": "b\n", "dist/x.js": "x\n", "dist/y.js": "y\n" });
  const concerns =
    hidden.length === 0
      ? []
      : [`git ignores ${hidden.join(", ")}, which it reported: that is in no commit, and stays in its worktree`];
  expect(await one.look("DONE", undefined, undefined, reported)).toMatchObject({ kind: "verified", concerns });
});

test("an earlier folder of the task that had to be moved aside is told to whoever reads of the work", async () => {
  const { path, look } = await begin();
  mkdirSync(`${path}.left-1`);
  write(path, { "b.txt": "b\n" });
  expect(await look()).toMatchObject({ kind: "verified", concerns: [expect.stringContaining("T1.left-1")] });
});

test("work in a worktree of version 0.1.0, or in one that is gone, is done again; nothing stops", async () => {
  const { path, project, look } = await begin();
  expect(await look("DONE", undefined, "orchestrate/r24jx9/task/T1")).toMatchObject(short("made by version 0\\.1\\.0"));
  rmSync(path, { recursive: true });
  expect(await look()).toMatchObject(short("was deleted before"));
  symlinkSync(project, path);
  expect(await look()).toMatchObject(short("is a symbolic link"));
  rmSync(path);
  writeFileSync(path, "a file");
  expect(await look()).toMatchObject(short("is not a folder"));
});

test("a reviewer that cannot start, may not work or says nothing twice stops the run, and holds nothing against the work", async () => {
  const cli = await buildHelper();
  for (const [command, why] of [
    [["/nonexistent/rev"], "the reviewer of T1 cannot do its work: "],
    [["sh", "-c", "echo 'Not logged in · Please run /login'; exit 1"], "the client is not logged in"],
    [["sh", "-c", "echo hm"], "gave no verdict, though it was asked twice"],
  ] as const) {
    const { path, look } = await begin({}, { cli, config: { reviewer: { command: [...command] } } });
    write(path, { "b.txt": "b\n" });
    expect(await look()).toMatchObject({ kind: "trouble", reason: expect.stringContaining(why) });
  }
});

test("a verdict that was given is not paid for again when the same work is looked at once more", async () => {
  const asked = `printf . >> "$HOME/asked"; echo '{"type":"result","report":{"status":"DONE","summary":"fine","files":[]}}'`;
  const home = mkdtempSync(join(tmpdir(), "orchestrate-reviewed-"));
  const reviewer = { command: ["sh", "-c", asked.replace("$HOME", home)] };
  const { path, look } = await begin({}, { cli: await buildHelper(), config: { reviewer } });
  write(path, { "b.txt": "b\n" });
  for (let times = 0; times < 2; times++) expect(await look()).toMatchObject({ kind: "verified" });
  expect(readFileSync(join(home, "asked"), "utf8")).toBe(".");
  rmSync(home, { recursive: true });
});
