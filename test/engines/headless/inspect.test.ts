import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { inspect } from "../../../src/engines/headless/effects/inspect.ts";
import { noteStash } from "../../../src/engines/headless/effects/stash.ts";
import type { Surroundings } from "../../../src/engines/headless/effects/surroundings.ts";
import { attemptFiles, type WorkerEnd, type WorkerReport } from "../../../src/engines/headless/keeper/files.ts";
import type { Config } from "../../../src/model/config.ts";
import type { Event, WorkPlace } from "../../../src/model/event.ts";
import { buildHelper } from "../../buildHelper.ts";
import { gitIn, makeRepository, placeOf, worktreeOf, write } from "../../git/makeRepository.ts";
import { makePlan, type TaskSketch } from "../../makePlan.ts";
import { at, ended, stateAfter } from "./desk.ts";

/** A task `T1` whose worker has its worktree, and the look at what it left. */
async function begin(
  task: Omit<TaskSketch, "id"> = {},
  { files, config = {}, cli = "" }: { files?: Record<string, string>; config?: Partial<Config>; cli?: string } = {},
) {
  const { folder: project, base, git } = makeRepository(files);
  const { path } = await worktreeOf(project, "T1", base);
  const { path: worktree, branch } = placeOf("T1", base);
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
    git,
    inside: gitIn(path),
    attempt: join(project, folder),
    /** Sends the worker back, and what it does next is looked at with that in mind. */
    sentBack: (reason: string) => events.push({ type: "sent-back", at, task: "T1", reason }),
    /** The look after a custom worker's report, from `base`, when the place is not the first. */
    look: async (status: WorkerReport["status"] = "DONE", from = base) => {
      writeFileSync(attemptFiles(join(project, folder)).end, JSON.stringify(endWith(status)));
      const state = stateAfter(plan, events);
      const surroundings: Surroundings = {
        project,
        folder: join(project, ".orchestrate/runs/r1"),
        index: indexPlan(plan),
        state,
        cli: () => cli,
        env: process.env,
        token: "token-of-the-test",
        tell: () => undefined,
        aborted: new AbortController().signal,
      };
      const effect = { do: "verify", task: "T1", claim: "claim", place: { ...place, base: from } } as const;
      return (await inspect(effect, surroundings)).judgement;
    },
  };
}

function endWith(status: WorkerReport["status"]): WorkerEnd {
  return {
    schema: 1,
    outcome: "finished",
    reason: "",
    session: null,
    text: "",
    report: { status, summary: "what it says", files: [], outside: [] },
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
  expect(await look()).toMatchObject(short("what you did in tool is in no commit", "remove the \\.git", "submodule"));
});

test("a merge that its worker left open is told by its files, though the work does not build on its base yet", async () => {
  const { project, git, path, inside, look } = await begin();
  write(path, { "a.txt": "mine\n" });
  inside("commit", "-qam", "mine");
  write(project, { "a.txt": "others\n" });
  git("commit", "-qam", "others");
  expect(() => inside("merge", "-q", "main")).toThrow("merge");
  expect(await look("DONE", git("rev-parse", "main"))).toMatchObject(short("conflict markers are left in a\\.txt"));
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

test("a stash entry of the person's that a worker took is a concern, with the command that brings it back", async () => {
  const { project, git, path, inside, attempt, look } = await begin();
  write(project, { "a.txt": "the person's\n" });
  git("stash", "push", "-q", "-m", "it's mine");
  write(project, { "a.txt": "also the person's\n" });
  git("stash", "push", "-q", "-m", "stays");
  const commit = git("rev-parse", "stash@{1}");
  await noteStash(project, attempt);
  inside("stash", "pop", "-q", "stash@{1}");
  write(path, { "b.txt": "b\n" });
  const message = "On main: it's mine";
  expect(await look()).toMatchObject({
    kind: "verified",
    concerns: [
      `the stash entry "${message}" is gone since a worker began; if it was not you who took it: \`git stash store -m 'On main: it'\\''s mine' ${commit}\``,
    ],
  });
  git("stash", "store", "-m", message, commit);
  expect(await look()).toMatchObject({ kind: "verified", concerns: [] });
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
