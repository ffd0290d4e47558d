import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { figuresOf, type Figures } from "../demo/figures.ts";
import { listName, projectFiles } from "../demo/project.ts";
import { integrationWorktree } from "../git/names.ts";
import { execute } from "../git/execute.ts";
import { refused, type Refused } from "../git/run.ts";
import { gitEnvironment } from "../git/settings.ts";
import { shellWord, visible } from "../text/escape.ts";
import { duration } from "../text/oneLine.ts";
import { count, several, wrap } from "../text/layout.ts";
import type { Run } from "../run/store.ts";
import type { Answer, Invocation, Screen, World } from "./command.ts";
import { insideWorker } from "./insideWorker.ts";
import { configName, styleOf } from "./load.ts";
import { isAnswer, newestRun } from "./openRun.ts";
import { run as runList } from "./run.ts";
import { showDemo } from "./showDemo.ts";
import { wrongUse } from "./wrongUse.ts";

/** Seconds in which a person may read the preview before the picture moves. */
const reading = 2;

interface Wanted {
  readonly keep: boolean;
  readonly fast: boolean;
}

/** Runs a list with scripted workers in a new repository: everything but the workers is what a real run is. */
export function run({ positionals, options, world }: Invocation): Promise<Answer> {
  const nested = insideWorker(world);
  if (nested !== null) return Promise.resolve(nested);
  if (positionals.length > 0)
    return Promise.resolve(wrongUse("`demo` takes no list: it brings its own; to run one of yours, `run tasks.md`"));
  const wanted = { keep: options["keep"] === true, fast: options["fast"] === true };
  return Promise.resolve({ out: "", err: "", code: 0, live: (screen) => demo(wanted, world, screen) });
}

async function demo(wanted: Wanted, world: World, screen: Screen): Promise<Answer["code"]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "orchestrate-demo-")));
  // At the very end of the process, however it comes: what an interrupted run has under way still writes for a moment.
  if (!wanted.keep)
    process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  const code = await inFolder(folder, wanted, world, screen);
  if (wanted.keep)
    screen.write(`\nIt is all in ${visible(folder)}; \`git log --graph --all\` there shows the merges.\n`);
  return code;
}

async function inFolder(folder: string, { fast }: Wanted, world: World, screen: Screen): Promise<Answer["code"]> {
  const say = (...paragraphs: string[]): void =>
    screen.write(`${paragraphs.flatMap((text) => [...wrap(text, styleOf(world).width), ""]).join("\n")}\n`);
  say(
    "A demo: a small team's task list, run in a new repository that is gone afterwards. Only the workers are scripted, so no account and no network are needed. Planning, worktrees, checks and merges are the real ones, and four things go wrong on the way.",
  );
  const made = await makeProject(folder, [process.execPath, world.cli, "act", ...(fast ? ["--fast"] : [])]);
  if (!made.ok) return fail(`the demo's repository cannot be made: ${made.reason}`, screen);
  // What is allowed in a repository that is gone afterwards is not worth remembering.
  const there = { ...world, cwd: folder, env: { ...world.env, XDG_STATE_HOME: join(folder, ".git/state") } };
  const invoke = (options: Invocation["options"]): Promise<Answer> =>
    runList({ positionals: [listName], options, world: there });
  const preview = await invoke({ "dry-run": true });
  if (preview.code !== 0) return fail(preview.err, screen);
  say("First the preview: what may run together, what waits, and why. Its times are guesses for real agents.");
  screen.write(`${preview.out}\n`);
  if (!fast && screen.size() !== null)
    await wait(reading * 1_000, undefined, { signal: screen.interrupted }).catch(() => undefined);
  if (screen.interrupted.aborted) return 1;

  const started = await invoke({});
  const opened = newestRun({ positionals: [], options: {}, world: there });
  if (started.live === undefined || isAnswer(opened)) return fail(started.err, screen);
  say(`${started.out.trim()} Ctrl-C ends it and leaves nothing behind.`);
  // What `run` itself says line by line is shown in another way here; if it fails, its words are what counts.
  const words: string[] = [];
  const code = started.live({ ...screen, write: (text) => void words.push(text) });
  const last = await showDemo(opened, code, there, screen);
  if (screen.interrupted.aborted) {
    screen.write("\nThe demo was interrupted; its workers are ended.\n");
    return 1;
  }
  if ((await code) !== 0) return fail(words.at(-1) ?? "", screen);
  screen.write(`\n${closing(last, folder, world).join("\n")}\n`);
  return 0;
}

function fail(why: string, screen: Screen): 1 {
  screen.write(`${why.trimEnd()}\nThe demo did not come to its end; \`demo --keep\` leaves its folder to look at.\n`);
  return 1;
}

/** The demo's repository with one commit. Its settings are its own: the person's are neither read for it nor changed. */
async function makeProject(folder: string, worker: readonly string[]): Promise<{ readonly ok: true } | Refused> {
  for (const [path, text] of Object.entries(projectFiles(worker))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const commands = [
    ["init", "--quiet", "--initial-branch=main", "--template="],
    ["config", "user.name", "Demo"],
    ["config", "user.email", "demo@localhost"],
    ["config", "core.autocrlf", "false"],
    // Its options are its own, as those are that a person keeps out of git: nobody is asked about them.
    ["add", "--all", "--", `:(exclude)${configName}`],
    ["commit", "--quiet", "--message=A till with two functions"],
  ];
  for (const args of commands) {
    const result = await execute(folder, args, { env: gitEnvironment(process.env), timeout: 60_000 });
    if (result.code !== 0) return refused(`git ${args[0]}`, result);
  }
  mkdirSync(join(folder, ".git/info"), { recursive: true });
  writeFileSync(join(folder, ".git/info/exclude"), `${configName}\n`);
  return { ok: true };
}

function closing(run: Run, folder: string, world: World): string[] {
  const figures = figuresOf(run.events);
  const total = run.plan.tasks.length;
  const ticked = [...run.state.tasks.values()].filter((task) => task.ticked).length;
  const receipt = spawnSync(process.execPath, ["examples/receipt.js"], {
    cwd: join(folder, integrationWorktree(run.state.run)),
    encoding: "utf8",
  });
  // The whole path: it is typed in another repository.
  const helper = `node ${shellWord(world.cli)}`;
  return [
    `${figures.merged.length} of ${total} tasks are merged, ${ticked} of ${total} boxes of ${listName} are ticked.`,
    `  ${duration(figures.seconds)} in all; the workers took ${duration(figures.workerSeconds)} together, up to ${figures.beside} at once`,
    ...happened(figures).map((line) => `  ${line}`),
    "",
    "What they made, run from the merged branch (`node examples/receipt.js`):",
    ...receipt.stdout
      .trimEnd()
      .split("\n")
      .map((line) => `  | ${visible(line)}`),
    "",
    "Now with a list of yours, in its repository:",
    `  ${helper} plan tasks.md   what would run together; nothing is written`,
    `  ${helper} run tasks.md    run it, with Claude Code as the workers`,
    "or in Claude Code, with the plugin: /orchestrate tasks.md",
  ];
}

function happened({ crashed, untrue, red, conflicted }: Figures): string[] {
  const line = (tasks: readonly string[], noun: string, what: string): string[] =>
    tasks.length === 0 ? [] : [`${count(tasks.length, noun)} ${what}: ${several([...new Set(tasks)], 5)}`];
  return [
    ...line(crashed, "restart", "of a worker that died"),
    ...line(untrue, "report", "of work that was not there, sent back"),
    ...line(red, "merge", "that turned the tests red, left out and sent back"),
    ...line(conflicted, "merge conflict", "resolved by the worker of the second"),
  ];
}
