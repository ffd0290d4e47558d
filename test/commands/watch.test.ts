import { execFile, spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasTmux, inCi } from "../client/find.ts";
import { builtHelper } from "../builtHelper.ts";
import { arrival, until } from "../until.ts";
import {
  abandoned,
  dispatched,
  finished,
  fourTasks,
  hostile,
  makeRun,
  merged,
  placeOf,
  supervised,
} from "./headlessRun.ts";

const helper = builtHelper();
const now = (): string => new Date().toISOString();
const released = { type: "released" as const, at: now(), token: "s1" };

/** The helper with these words, its output in a pipe. */
function start(folder: string, ...words: string[]) {
  const child = spawn(process.execPath, [helper(), ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  return {
    child,
    out: () => out,
    /** Resolves once these words were printed. */
    says: (words: string): Promise<true> =>
      until(
        `the words \`${words}\``,
        () => out.includes(words),
        () => out,
      ),
    code: arrival(`the end of \`${words.join(" ")}\``, ended(child), () => out),
  };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", resolve));
}

describe("watch in a pipe", () => {
  test("prints a plain line for each event, past and to come, and ends with the run: 0 when all is done", async () => {
    const { folder, add } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { says, out, code } = start(folder, "watch");
    await says("T1  started, attempt 1: Do T1");
    add(...merged("T1", now()));
    await says("T1  merged as abcdef0123");
    add(...finished(now(), true, "T2", "T3", "T4"), released);
    expect(await code).toBe(0);
    expect(out()).not.toContain("\u001b");
  });

  test("ends with 1 when not everything was done, or the run was stopped and its supervisor is gone", async () => {
    const bad = makeRun(fourTasks(), [supervised(now()), ...finished(now(), false, "T1", "T2", "T3", "T4"), released]);
    expect(await start(bad.folder, "watch").code).toBe(1);
    const { folder } = makeRun(fourTasks(), [abandoned(now()), { type: "stopped", at: now(), reason: "x" }]);
    expect(await start(folder, "watch").code).toBe(1);
  });

  test("lets whoever follows go when nobody supervises the run, and says so", async () => {
    const { folder } = makeRun(fourTasks(), [abandoned(now()), dispatched("T1", now())]);
    const { code, out } = start(folder, "watch");
    expect(await code).toBe(1);
    expect(out()).toContain("Nobody supervises the run");
  });

  test("says so when the run's files are gone, and ends with 1", async () => {
    const { folder, run: id } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { says, code, out } = start(folder, "watch");
    await says("T1  started");
    rmSync(join(folder, ".orchestrate/runs", id), { recursive: true });
    expect(await code).toBe(1);
    expect(out()).toMatch(/error: the run cannot be read any more: .*\[journal-unreadable\]\n$/);
  });

  test("is over when its reader is gone", async () => {
    const { folder, add } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { child, says, code } = start(folder, "watch");
    await says("T1  started");
    child.stdout?.destroy();
    add(...merged("T1", now()));
    expect(await code).toBe(0);
  });
});

describe("logs -f", () => {
  test("follows the events of a task and what its worker prints, into its next attempt, until the task ends", async () => {
    const { folder, add } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const print = (attempt: number, text: string): void => {
      const place = join(folder, placeOf("T1", attempt).folder);
      mkdirSync(place, { recursive: true });
      appendFileSync(join(place, "output.log"), text);
    };
    print(1, "of before\n");
    const { says, code, out } = start(folder, "logs", "T1", "-f");
    await says("  | of before");
    print(1, `${hostile}\nhalf a`);
    await says("evil");
    print(1, " line\n");
    await says("  | half a line");
    add({ ...merged("T1", now())[0], outcome: "crash", reason: "it fell" } as never, dispatched("T1", now(), 2));
    print(2, "the second\n");
    await says("  | the second");
    add({ type: "failed", at: now(), task: "T1", reason: "no more" });
    expect(await code).toBe(1);
    expect(out()).toContain("T1  failed: no more");
    expect(out().split("  | of before")).toHaveLength(2);
    expect(out()).not.toContain("\u001b");
  });
});

const run = promisify(execFile);

/** A terminal in which a shell runs the helper, and then says its exit code and whether the cursor is shown. */
async function terminal(folder: string, columns: number, rows: number) {
  const socket = join(folder, "tmux");
  const tmux = async (...args: string[]): Promise<string> =>
    (await run("tmux", ["-S", socket, "-f", "/dev/null", ...args])).stdout;
  const line = `sh -c 'echo $$ > pid; TERM=xterm exec ${process.execPath} ${helper()} watch'; echo "code $?"; read x`;
  const size = ["-x", String(columns), "-y", String(rows)];
  await tmux("new-session", "-d", "-s", "main", "-c", folder, ...size, "sh", "-c", `trap : INT; echo before; ${line}`);
  onTestFinished(async () => void (await tmux("kill-server").catch(() => "")));
  const screen = (): Promise<string> => tmux("capture-pane", "-p", "-t", "main");
  return {
    tmux,
    screen,
    cursor: async (): Promise<string> => (await tmux("display-message", "-p", "-t", "main", "#{cursor_flag}")).trim(),
    waitFor: async (matches: RegExp): Promise<string> => {
      let shown = "";
      return until(
        `a screen that matches ${String(matches)}`,
        async () => {
          shown = await screen();
          return matches.test(shown) ? shown : null;
        },
        () => shown,
      );
    },
  };
}

describe.skipIf(!hasTmux() && !inCi)("watch in a terminal", () => {
  test("redraws in place, hides the cursor while it does, and shows it again at the end of the run", async () => {
    const { folder, add } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { waitFor, cursor } = await terminal(folder, 80, 24);
    await waitFor(/▶ T1/);
    expect(await cursor()).toBe("0");
    add(...merged("T1", now()));
    const shown = await waitFor(/✓ T1/);
    expect(shown).toMatch(/^before\nRun r/);
    expect(shown.match(/^Run r/gm)).toHaveLength(1);
    expect(shown).not.toContain("▶ T1");
    add(...finished(now(), true, "T2", "T3", "T4"), released);
    await waitFor(/code 0/);
    expect(await cursor()).toBe("1");
  });

  test("leaves at the first Ctrl-C and the run goes on; the cursor is back", async () => {
    const { folder, opened } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { tmux, waitFor, cursor } = await terminal(folder, 80, 24);
    await waitFor(/▶ T1/);
    await tmux("send-keys", "-t", "main", "C-c");
    const shown = await waitFor(/The run goes on/);
    expect(shown).toContain("▶ T1");
    expect(await cursor()).toBe("1");
    expect(opened().state.stopped).toBeNull();
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("gives the cursor back at %s", async (signal) => {
    const { folder } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { waitFor, cursor } = await terminal(folder, 80, 24);
    await waitFor(/▶ T1/);
    expect(await cursor()).toBe("0");
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), signal);
    await waitFor(/code 0/);
    expect(await cursor()).toBe("1");
  });

  test("gives the cursor back when the run cannot be read any more", async () => {
    const { folder, run: id } = makeRun(fourTasks(), [supervised(now()), dispatched("T1", now())]);
    const { waitFor, cursor } = await terminal(folder, 80, 24);
    await waitFor(/▶ T1/);
    rmSync(join(folder, ".orchestrate/runs", id), { recursive: true });
    await waitFor(/code 1/);
    expect(await cursor()).toBe("1");
  });

  test("is right in a terminal that is narrower and lower than the picture, and after it was resized", async () => {
    const { folder, add } = makeRun(
      fourTasks(() => "ログイン画面を作る 🚀 with a title that no small terminal has room for"),
      [supervised(now()), dispatched("T1", now())],
    );
    const { tmux, waitFor } = await terminal(folder, 30, 9);
    const small = await waitFor(/▶ T1/);
    expect(small.match(/^Run r/gm)).toHaveLength(1);
    expect(small).toMatch(/and 2 more|and 3 more/);
    await tmux("resize-window", "-t", "main", "-x", "100", "-y", "20");
    const large = await waitFor(/▶ T1.*has said nothing yet/);
    expect(large.match(/^Run r/gm)).toHaveLength(1);
    expect(large).toMatch(/T4/);
    add(...merged("T1", now()));
    const after = await waitFor(/✓ T1/);
    expect(after.match(/^Run r/gm)).toHaveLength(1);
  });
});
