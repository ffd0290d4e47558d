import { execFileSync, execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { readCurrent } from "../../src/run/current.ts";
import { openRun } from "../../src/run/store.ts";
import { hasTmux, inCi } from "../client/find.ts";
import { builtHelper } from "../builtHelper.ts";
import { arrival, until } from "../until.ts";

const helper = builtHelper();
/** Of Linux: runs a command in a network namespace of its own, which is empty. */
const isolation = "unshare";
const config =
  "[user]\n\tname = A person\n\temail = person@example.org\n[commit]\n\tgpgSign = true\n[core]\n\tautocrlf = true\n";

/** A present folder, a home with git settings that would be in the way, and a folder for temporary files: nothing else of the machine. */
function makePlace() {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "orchestrate-test-")));
  const [here, home, temp] = ["here", "home", "temp"].map((name) => join(scratch, name)) as [string, string, string];
  for (const folder of [here, home, temp]) mkdirSync(folder);
  writeFileSync(join(home, ".gitconfig"), config);
  writeFileSync(join(here, "tasks.md"), "- [ ] mine\n");
  const untouched = (): void => {
    expect(readdirSync(here)).toEqual(["tasks.md"]);
    expect(readFileSync(join(here, "tasks.md"), "utf8")).toBe("- [ ] mine\n");
    expect(readdirSync(home)).toEqual([".gitconfig"]);
    expect(readFileSync(join(home, ".gitconfig"), "utf8")).toBe(config);
  };
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TMPDIR: temp,
    TERM: "xterm-256color",
    NODE_DISABLE_COMPILE_CACHE: "1",
  };
  return { here, temp, env, untouched, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}

/** Commands that run at this moment and name the helper of this file: it, its keepers and its workers. */
function ours(): string[] {
  const all = execFileSync("ps", ["-axww", "-o", "command="], { encoding: "utf8" }).split("\n");
  return all.filter((command) => command.startsWith(process.execPath) && command.includes(helper()));
}

/** A keeper is gone a moment after it has written down the end of its worker. */
async function nothingRuns(): Promise<void> {
  await until(
    "the end of the helper, its keepers and its workers",
    () => ours().length === 0,
    () => ours().join("\n"),
  );
}

describe("a demo that is kept", () => {
  const place = makePlace();
  afterAll(place.remove);
  let came: { code: number | null; err: string } | null = null;
  let out = "";
  let events: readonly Event[] = [];
  let project = "";

  beforeAll(() => {
    // Without any network where the system can do that.
    const alone = spawnSync(isolation, ["-rn", "true"]).status === 0 ? [isolation, "-rn"] : [];
    const [program, ...words] = [...alone, process.execPath, helper(), "demo", "--fast", "--keep"];
    const ended = spawnSync(program, words, { cwd: place.here, env: place.env, encoding: "utf8" });
    out = ended.stdout;
    came = { code: ended.status, err: ended.stderr };
    project = join(place.temp, readdirSync(place.temp)[0] ?? "");
    const run = openRun(project, readCurrent(project)?.run ?? "");
    if (run.ok) ({ events } = run.value);
  });

  const of = <Type extends Event["type"]>(type: Type) =>
    events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
  const tasks = ["T001", "T002", "T003", "T004", "T005", "T006", "T007", "T008"];

  test("comes to a good end without a network, and says nothing on standard error", () => {
    expect(came, out).toEqual({ code: 0, err: "" });
  });

  test("runs at least three workers side by side", () => {
    const first = events.findIndex((event) => event.type === "ended");
    expect(events.slice(0, first).filter((event) => event.type === "dispatched").length).toBeGreaterThanOrEqual(3);
    expect(out).toMatch(/^\* [3-6] workers run side by side, each in a git worktree of its own\.$/m);
  });

  test("restarts the worker that dies", () => {
    expect(of("ended").flatMap(({ task, outcome }) => (outcome === "finished" ? [] : [[task, outcome]]))).toEqual([
      ["T007", "crash"],
    ]);
    expect(of("dispatched").filter(({ task }) => task === "T007")).toHaveLength(2);
    expect(out).toContain("* T007: its worker died in the middle of its work.");
  });

  test("sends the worker back that says it is done and did nothing", () => {
    const sent = of("sent-back").filter(({ reason }) => reason.startsWith("nothing changed"));
    expect(sent.map(({ task }) => task)).toEqual(["T004"]);
    expect(out).toContain("* T004 said that it was done. Nothing had changed: it is sent back");
  });

  test("finds the task that turns the merged tests red, and sends it back with what they printed", () => {
    const sent = of("sent-back").filter(({ reason }) => reason.includes("expected 2 sales, 37.50"));
    expect(["T002", "T003"]).toContain(sent.map(({ task }) => task).join());
    expect(out).toMatch(/^\* T00[23] is fine alone and turns the tests red together with the others\./m);
  });

  test("has one merge conflict, which the worker of the second task resolves", () => {
    const conflicts = of("conflicted");
    expect(conflicts).toMatchObject([{ files: ["src/receipt.js"], next: "worker" }]);
    const second = conflicts[0]?.task ?? "";
    expect([second, ...(conflicts[0]?.with ?? [])].toSorted()).toEqual(["T005", "T006"]);
    expect(out).toContain(`* ${second} is merged: the conflict is resolved`);
  });

  test("ends with everything merged once, and every box ticked", () => {
    expect(
      of("merged")
        .map(({ task }) => task)
        .toSorted(),
    ).toEqual(tasks);
    expect(of("finished")).toMatchObject([{ ok: true }]);
    const list = readFileSync(join(project, "tasks.md"), "utf8");
    expect(list.match(/^- \[x\]/gm)).toHaveLength(tasks.length);
    expect(out).toContain("8 of 8 tasks are merged, 8 of 8 boxes of tasks.md are ticked.");
  });

  test("shows what the merged work prints, and what to type next", () => {
    for (const line of ["teapot 42.00 EUR", "discount -5.45 EUR", "points 54", "tax included 8.70 EUR"])
      expect(out).toContain(`  | ${line}\n`);
    // Typed in another repository: a path from here would be wrong there.
    expect(out).toContain(`  node ${helper()} plan tasks.md   `);
    expect(out).toContain(`  node ${helper()} run tasks.md    `);
  });

  test("says where it is, and leaves the present folder and the person's git settings as they were", () => {
    expect(out).toContain(`It is all in ${project}; `);
    place.untouched();
  });

  test("prints no control sequence into a pipe", () => {
    expect(out).not.toContain("\u001b");
  });

  test("prints what the README shows of it", () => {
    const plain = (text: string): string =>
      text
        .replaceAll(/\b\d+ s\b/g, "N s")
        .replaceAll(/\bT00\d\b/g, "T00N")
        .replaceAll(/(?<=^\* |up to )\d/gm, "N");
    const [, shown = ""] = /demo\n```\n[^]*?```text\n([^]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    const lines = shown.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(8);
    const printed = new Set(plain(out).split("\n"));
    expect(lines.filter((line) => !printed.has(plain(line)))).toEqual([]);
  });
});

test("Ctrl-C ends the workers and removes the folder", async () => {
  const place = makePlace();
  onTestFinished(place.remove);
  const child = spawn(process.execPath, [helper(), "demo"], { cwd: place.here, env: place.env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await until(
    "the words `side by side`",
    () => out.includes("side by side"),
    () => out,
  );
  expect(readdirSync(place.temp)).toHaveLength(1);
  child.kill("SIGINT");
  const code = await arrival("the end of the demo", new Promise((resolve) => child.on("close", resolve)));
  expect({ code, last: out.trimEnd().split("\n").at(-1) }).toEqual({
    code: 1,
    last: "The demo was interrupted; its workers are ended.",
  });
  expect(readdirSync(place.temp)).toEqual([]);
  place.untouched();
  await nothingRuns();
});

test.skipIf(!hasTmux() && !inCi)(
  "in a terminal it shows the picture of the run in place, gives the cursor back, and leaves nothing behind",
  async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    const tmux = async (...words: string[]): Promise<string> =>
      (await promisify(execFile)("tmux", ["-S", join(place.here, "..", "terminal"), "-f", "/dev/null", ...words]))
        .stdout;
    const words = Object.entries(place.env).map(([name, value]) => `${name}=${value}`);
    const command = ["env", "-i", ...words, "sh", "-c", '"$0" "$@"; echo "ended with $?"; cat'];
    await tmux(
      "new-session",
      "-d",
      "-s",
      "demo",
      "-x",
      "100",
      "-y",
      "40",
      "-c",
      place.here,
      ...command,
      process.execPath,
      helper(),
      "demo",
      "--fast",
    );
    onTestFinished(() => tmux("kill-server").then(() => undefined));
    const shown = async (wanted: RegExp): Promise<string> => {
      let screen = "";
      return until(
        `a screen that matches ${String(wanted)}`,
        async () => {
          screen = await tmux("capture-pane", "-p", "-t", "demo");
          return wanted.test(screen) ? screen : null;
        },
        () => screen,
      );
    };
    const during = await shown(/\[[█░]+\] \d of 8 merged, \d running/);
    expect(during.match(/\d of 8 merged/g)).toHaveLength(1);
    expect(await tmux("display-message", "-p", "-t", "demo", "#{cursor_flag}")).toBe("0\n");
    const after = await shown(/ended with \d/);
    expect(after).toContain("ended with 0");
    expect(after).toContain("8 of 8 tasks are merged");
    expect(await tmux("display-message", "-p", "-t", "demo", "#{cursor_flag}")).toBe("1\n");
    expect(readdirSync(place.temp)).toEqual([]);
    place.untouched();
    await nothingRuns();
  },
);

test("its worker refuses to work anywhere else, and writes nothing", () => {
  const place = makePlace();
  onTestFinished(place.remove);
  const env = { ...place.env, ORCHESTRATE_TASK: "T001", ORCHESTRATE_RUN: "rabcde", ORCHESTRATE_TOKEN: "claim" };
  const { status, stderr } = spawnSync(process.execPath, [helper(), "act", "--fast"], {
    cwd: place.here,
    env,
    input: "[orchestrate rabcde T001 claim]\n",
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "error: `act` is the worker that `demo` starts, and works in the demo's own project alone; type `demo`\n",
  });
  place.untouched();
});

test("a worker of a run cannot start it", () => {
  const place = makePlace();
  onTestFinished(place.remove);
  const env = { ...place.env, ORCHESTRATE_TOKEN: "claim" };
  const { status, stderr } = spawnSync(process.execPath, [helper(), "demo"], {
    cwd: place.here,
    env,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("[nested-run]");
  expect(readdirSync(place.temp)).toEqual([]);
});
