import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptFiles, readKeeper, readProgress } from "../../../../src/engines/headless/keeper/files.ts";
import { identityOf } from "../../../../src/process/identity.ts";
import { findByToken, sweep } from "../../../../src/process/sweep.ts";
import { until } from "../../../until.ts";
import { type Attempt, buildKeeper, runs, startKeeper } from "./keep.ts";

let program = "";
beforeAll(async () => {
  program = await buildKeeper();
});
afterAll(() => rm(dirname(program), { recursive: true, force: true }));

const success = { type: "result", subtype: "success", is_error: false, result: "All done.", session_id: "s-1" };
const said = (text: string): object => ({
  type: "assistant",
  message: { id: `m-${text}`, content: [{ type: "text", text }] },
  session_id: "s-1",
});
const pidOf = async (attempt: Attempt): Promise<number> =>
  ((await attempt.tell({ do: "hello" })) as { pid: number }).pid;

describe("a worker that ends as it should", () => {
  test("gets the brief on a standard input that then closes, its folder, and its token", async () => {
    const brief = "--model x\n`$(id)` ; 'quotes' \u{1F600}\n".repeat(10_000);
    await using attempt = await startKeeper(program, { brief });
    expect(await attempt.tell({ do: "hello" })).toMatchObject({
      cwd: dirname(attempt.folder),
      token: attempt.claim,
    });
    expect(await attempt.tell({ do: "input" })).toBe(brief);
  });

  test("leaves an end that holds what its stream showed", async () => {
    await using attempt = await startKeeper(program);
    await attempt.print({ type: "system", subtype: "init", session_id: "s-1", model: "m" });
    await attempt.print({
      type: "assistant",
      message: {
        id: "m1",
        usage: { input_tokens: 7, output_tokens: 3 },
        content: [
          { type: "tool_use", id: "c1", name: "Write", input: { file_path: "src/a.ts" } },
          { type: "tool_use", id: "c2", name: "Edit", input: { file_path: "denied.ts" } },
          { type: "tool_use", id: "c3", name: "Bash", input: { command: "npm test" } },
        ],
      },
    });
    await attempt.appears("progress.json", '"toolCalls":3');
    expect(readProgress(attempt.folder)).toMatchObject({
      turns: 1,
      lastTool: "Bash",
      tokens: 10,
      firstEventAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      waitsUntil: null,
    });
    await attempt.print({
      ...success,
      total_cost_usd: 0.5,
      modelUsage: { m: { inputTokens: 20, outputTokens: 5, cacheReadInputTokens: 900, cacheCreationInputTokens: 1 } },
      permission_denials: [{ tool_name: "Edit", tool_input: { file_path: "denied.ts" } }],
    });
    await attempt.tell({ do: "exit", code: 0 });
    expect(await attempt.end()).toMatchObject({
      outcome: "finished",
      session: "s-1",
      text: "All done.",
      report: null,
      tokens: 26,
      dollars: 0.5,
      ranCommands: true,
      permissionDenials: ["Edit: denied.ts"],
    });
    expect(await attempt.left).toBe(0);
    const log = readFileSync(attemptFiles(attempt.folder).log, "utf8");
    expect(log).toContain("[Write] src/a.ts\n[Edit] denied.ts\n[Bash] npm test\n");
  });

  test("is ended a moment after its result when it does not end by itself, and that is no failure", async () => {
    await using attempt = await startKeeper(program);
    const pid = await pidOf(attempt);
    await attempt.tell({ do: "ignoreTerm" });
    await attempt.print(success);
    expect((await attempt.end()).outcome).toBe("finished");
    expect(runs(pid)).toBe(false);
  });

  test("that goes on after a result is judged by its last one", async () => {
    await using attempt = await startKeeper(program, { limits: { afterResult: 1_200 } });
    await attempt.print({ ...success, result: "First." });
    await attempt.print(said("more"));
    await attempt.print({ ...success, subtype: "error_max_turns", is_error: true, result: "" });
    await attempt.tell({ do: "exit", code: 0 });
    expect((await attempt.end()).outcome).toBe("turns");
  });

  test("that left commands in the background is waited for after its result", async () => {
    await using attempt = await startKeeper(program, { limits: { afterResult: 0 } });
    await attempt.print({ type: "system", subtype: "background_tasks_changed", tasks: [{ task_id: "b" }] });
    await attempt.print({ ...success, result: "Waiting." });
    await attempt.print(said("it is over"));
    await attempt.print({ type: "system", subtype: "background_tasks_changed", tasks: [] });
    await attempt.print({ ...success, result: "Now done." });
    expect(await attempt.end()).toMatchObject({ outcome: "finished", text: "Now done." });
  });

  test("may be a command of one's own that gives a structured report", async () => {
    await using attempt = await startKeeper(program);
    const report = { status: "DONE", summary: "Did it.", files: ["a"], outside: [{ path: "b", reason: "needed" }] };
    await attempt.print({ type: "result", report, cost: 0.25, tokens: 12 });
    expect(await attempt.end()).toMatchObject({ outcome: "finished", report, dollars: 0.25, tokens: 12 });
  });
});

describe("a worker that fails", () => {
  test("and exits 0 without a result has no result, whatever words it printed", async () => {
    await using attempt = await startKeeper(program);
    await attempt.print(`a line with {"type":"result","result":"forged"} inside`);
    await attempt.print(said(JSON.stringify(success)));
    await attempt.print(["an array", success]);
    await attempt.print(`  ${JSON.stringify(success)}`);
    await attempt.print({ ...success, result: "On standard error." }, true);
    await attempt.appears("output.log", "On standard error.");
    await attempt.print("bye");
    await attempt.tell({ do: "exit", code: 0 });
    expect(await attempt.end()).toMatchObject({
      outcome: "no-result",
      text: "",
      reason: "it ended without a result; its last words: bye",
    });
  });

  test("and exits with another code, or by a signal, has crashed", async () => {
    await using first = await startKeeper(program);
    await first.print("Error: boom", true);
    await first.tell({ do: "exit", code: 3 });
    expect(await first.end()).toMatchObject({
      outcome: "crash",
      reason: "it ended with exit code 3, without a result; its last words: Error: boom",
    });
    await using second = await startKeeper(program);
    process.kill(await pidOf(second), "SIGKILL");
    expect(await second.end()).toMatchObject({
      outcome: "crash",
      reason: "it ended by SIGKILL, without a result",
    });
  });

  test("to begin says why: no such program, no such folder, an unreadable launch", async () => {
    await using program1 = await startKeeper(program, { command: ["no-such-program-anywhere"] });
    expect(await program1.end()).toMatchObject({
      outcome: "unstartable",
      reason: "the program `no-such-program-anywhere` was not found; install it, or name another command",
    });
    await using folder = await startKeeper(program, { cwd: "/no/such/folder" });
    expect(await folder.end()).toMatchObject({
      outcome: "unstartable",
      reason: "the folder /no/such/folder does not exist",
    });
    await using torn = await startKeeper(program, {
      prepare: (path) => writeFile(attemptFiles(path).launch, '{"schema":1,"comm'),
    });
    expect((await torn.end()).outcome).toBe("unstartable");
  });

  test("to print anything in time is ended", async () => {
    await using attempt = await startKeeper(program, { limits: { firstEvent: 0.3 } });
    expect((await attempt.end()).outcome).toBe("first-event");
    expect(workerRuns(attempt)).toBe(false);
  });

  test("to print anything on standard output is ended in time although it prints errors", async () => {
    const command = ["sh", "-c", "while :; do echo warming up >&2; sleep 0.05; done"];
    await using attempt = await startKeeper(program, { command, limits: { firstEvent: 0.5 } });
    expect((await attempt.end()).outcome).toBe("first-event");
  });

  test("to go on speaking is stuck, also when it has closed its output but works on", async () => {
    const command = ["sh", "-c", "echo working; exec >&- 2>&-; exec sleep 100000"];
    await using attempt = await startKeeper(program, { command, limits: { idle: 0.5 } });
    expect((await attempt.end()).outcome).toBe("stuck");
  });

  test("because it stopped itself is stuck, and killed although it is stopped", async () => {
    const command = ["sh", "-c", "trap '' TERM; echo working; kill -STOP $$; exec sleep 100000"];
    await using attempt = await startKeeper(program, { command, limits: { idle: 0.5 } });
    expect(await attempt.end()).toMatchObject({ outcome: "stuck" });
    expect(workerRuns(attempt)).toBe(false);
  });

  test("to be done in time is ended, also when it asks to be left alone", async () => {
    const command = ["sh", "-c", "trap '' TERM; echo working; while :; do sleep 1; done"];
    await using attempt = await startKeeper(program, { command, limits: { total: 1 } });
    expect((await attempt.end()).outcome).toBe("timeout");
    expect(workerRuns(attempt)).toBe(false);
  });

  test("for the limit of its account says how long to wait", async () => {
    await using attempt = await startKeeper(program);
    const before = Date.now() / 1_000;
    const resetsAt = Math.floor(before) + 1_800;
    await attempt.print({ type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt } });
    await attempt.print({
      ...success,
      is_error: true,
      api_error_status: 429,
      result: "You've hit your 5-hour limit · resets 3:34pm (UTC)",
    });
    const end = await attempt.end();
    expect(end.outcome).toBe("rate-limit");
    expect(end.waitSeconds).toBeGreaterThanOrEqual(Math.floor(resetsAt - Date.now() / 1_000));
    expect(end.waitSeconds).toBeLessThanOrEqual(Math.ceil(resetsAt - before));
  });
});

describe("what a worker prints", () => {
  test("300 MB on one line cost no memory and no disk, and the result after them counts", async () => {
    await using attempt = await startKeeper(program);
    await attempt.print("before");
    await attempt.appears("output.log", "before");
    const before = memory(attempt.keeper, "VmRSS");
    await attempt.tell({ do: "flood", megabytes: 300, byte: 120 });
    await attempt.print("");
    await attempt.appears("output.log", "of this line were not kept");
    const peak = memory(attempt.keeper, "VmHWM");
    expect(peak - before).toBeLessThan(64);
    await attempt.print(success);
    expect((await attempt.end()).outcome).toBe("finished");
    expect(attempt.written().length).toBeLessThan(10_000);
  });

  test("many lines stay within the size of the log, the newest are there, and the result is kept", async () => {
    const logBytes = 64 * 1024;
    await using attempt = await startKeeper(program, { limits: { logBytes } });
    for (let round = 0; round < 20; round++)
      await attempt.print(
        Array.from({ length: 100 }, (_, line) => JSON.stringify(said(`${round}.${line} ${"x".repeat(200)}`))).join(
          "\n",
        ),
      );
    await attempt.print({ ...success, result: "y".repeat(300_000) });
    const end = await attempt.end();
    expect(end).toMatchObject({ outcome: "finished" });
    expect(end.text.length).toBe(100_000);
    const { log, olderLog, stream } = attemptFiles(attempt.folder);
    expect(statSync(log).size + statSync(olderLog).size).toBeLessThanOrEqual(logBytes);
    expect(readFileSync(log, "utf8")).toContain("19.99 ");
    const lines = readFileSync(stream, "utf8").trimEnd().split("\n");
    expect(statSync(stream).size).toBeLessThan(logBytes + 66 * 1024);
    expect(lines.at(-2)).toContain("only results follow");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ type: "result" });
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(64 * 1024);
  });

  test("bytes that are no UTF-8 break nothing", async () => {
    await using attempt = await startKeeper(program);
    await attempt.print(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80, 0x0a]));
    await attempt.print(success);
    expect((await attempt.end()).outcome).toBe("finished");
  });

  test("no secret stands in any file, wherever it was printed", async () => {
    const env = { MY_API_KEY: 'hush-"quoted"-value', ANTHROPIC_API_KEY: "sk-ant-api03-aaaaaaaaaaaaaaaaaaaa" };
    await using attempt = await startKeeper(program, { env });
    const other = `ghp_${"a1".repeat(18)}`;
    const all = `${env.MY_API_KEY} ${env.ANTHROPIC_API_KEY} ${other} ${attempt.claim}`;
    await attempt.print(said(all));
    await attempt.print(`plain ${all}`);
    await attempt.print(`error ${all}`, true);
    await attempt.print({
      type: "assistant",
      message: { content: [{ type: "tool_use", id: "c", name: "Write", input: { file_path: `/tmp/${other}` } }] },
    });
    await attempt.print("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", true);
    await attempt.print({
      ...success,
      result: all,
      permission_denials: [{ tool_name: "Bash", tool_input: { command: all } }],
    });
    await attempt.end();
    const written = attempt.written();
    expect(written).toContain("‹masked›");
    for (const secret of ["hush-", "api03", other, attempt.claim, "MIIEow"]) expect(written).not.toContain(secret);
  });

  test("a log that cannot be written ends neither the worker nor loses its end", async () => {
    await using attempt = await startKeeper(program, {
      prepare: (folder) => mkdir(attemptFiles(folder).log),
    });
    await attempt.print("words");
    await attempt.print(success);
    const end = await attempt.end();
    expect(end.outcome).toBe("finished");
    expect(end.reason).toContain("its log is incomplete: EISDIR");
  });
});

describe("an end that cannot be written", () => {
  /** Neither a file nor a link may take the place of a folder that is not empty. The older log goes with the first try. */
  const prepare = async (folder: string): Promise<void> => {
    await mkdir(join(attemptFiles(folder).end, "in the way"), { recursive: true });
    await writeFile(attemptFiles(folder).olderLog, "");
  };
  const firstTry = ({ folder }: Attempt): Promise<true> =>
    until("the first try to write the end", () => !existsSync(attemptFiles(folder).olderLog));

  test("is written as soon as it can be", async () => {
    await using attempt = await startKeeper(program, { prepare });
    await attempt.print({ ...success, total_cost_usd: 0.5 });
    await firstTry(attempt);
    await rm(attemptFiles(attempt.folder).end, { recursive: true });
    expect(await attempt.end()).toMatchObject({ outcome: "finished", dollars: 0.5 });
  });

  test("is given up when its time is over", async () => {
    await using attempt = await startKeeper(program, { prepare, limits: { untilWritten: 0.2 } });
    await attempt.print(success);
    await firstTry(attempt);
    expect(await attempt.left).toBe(1);
  });

  test("is given up at once when the keeper is told to stop", async () => {
    await using attempt = await startKeeper(program, { prepare });
    await attempt.print(success);
    await firstTry(attempt);
    process.kill(attempt.keeper, "SIGTERM");
    expect(await attempt.left).toBe(1);
  });
});

describe("nothing is left running", () => {
  test("neither a child that ignores SIGTERM nor a grandchild that left group and session", async () => {
    await using attempt = await startKeeper(program);
    const child = Number(await attempt.tell({ do: "child" }));
    const grandchild = Number(await attempt.tell({ do: "doubleFork" }));
    expect([runs(child), runs(grandchild)]).toEqual([true, true]);
    await attempt.print(success);
    await attempt.tell({ do: "exit", code: 0 });
    expect((await attempt.end()).outcome).toBe("finished");
    expect([runs(child), runs(grandchild)]).toEqual([false, false]);
  });

  test("and a worker that ends when it is asked is not killed", async () => {
    const script = "trap 'sleep 0.2; echo > asked; exit' TERM; echo ready; while :; do sleep 0.05; done";
    await using attempt = await startKeeper(program, { command: ["sh", "-c", script], limits: { grace: 1_200 } });
    await attempt.appears("output.log", "ready");
    process.kill(attempt.keeper, "SIGINT");
    expect((await attempt.end()).outcome).toBe("stopped");
    expect(existsSync(join(dirname(attempt.folder), "asked"))).toBe(true);
  });

  test("when the keeper is told to stop", async () => {
    await using attempt = await startKeeper(program);
    const pid = await pidOf(attempt);
    await attempt.tell({ do: "ignoreTerm" });
    const grandchild = Number(await attempt.tell({ do: "doubleFork" }));
    process.kill(attempt.keeper, "SIGHUP");
    process.kill(attempt.keeper, "SIGTERM");
    expect(await attempt.end()).toMatchObject({ outcome: "stopped", reason: "it was told to stop" });
    expect([runs(pid), runs(grandchild)]).toEqual([false, false]);
  });

  test("when the keeper was killed and its token is swept", async () => {
    await using attempt = await startKeeper(program);
    const pid = await pidOf(attempt);
    const grandchild = Number(await attempt.tell({ do: "doubleFork" }));
    const noted = readKeeper(attempt.folder);
    expect(noted).toMatchObject({ keeper: identityOf(attempt.keeper), worker: identityOf(pid) });
    process.kill(attempt.keeper, "SIGKILL");
    expect(await attempt.left).toBe("SIGKILL");
    expect(findByToken(attempt.claim).map((one) => one.pid)).toContain(grandchild);
    expect(await sweep(attempt.claim)).toEqual([]);
    expect([runs(pid), runs(grandchild)]).toEqual([false, false]);
  });
});

test("a second keeper of the same attempt leaves it alone", async () => {
  await using attempt = await startKeeper(program);
  await pidOf(attempt);
  const files = attemptFiles(attempt.folder);
  await using second = await startKeeper(program, {
    prepare: async (folder) => {
      await writeFile(join(folder, "keeper.json"), readFileSync(files.keeper));
    },
  });
  expect(await second.left).toBe(2);
  expect(second.written()).not.toContain('"outcome"');
});

test("an attempt that its supervisor gave up is not started", async () => {
  await using attempt = await startKeeper(program, {
    command: ["sh", "-c", "echo ran > ran; sleep 1000"],
    prepare: (folder) => writeFile(attemptFiles(folder).revoked, ""),
  });
  expect(await attempt.left).toBe(2);
  expect(existsSync(join(dirname(attempt.folder), "ran"))).toBe(false);
});

/** Whether the worker runs that the keeper noted. */
function workerRuns({ folder }: Attempt): boolean {
  const worker = readKeeper(folder)?.worker;
  if (!worker) throw new Error("the keeper noted no worker");
  return runs(worker.pid);
}

/** Megabytes. */
function memory(pid: number, name: "VmRSS" | "VmHWM"): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8")
    .split("\n")
    .find((one) => one.startsWith(name));
  return Number(/\d+/.exec(line ?? "")?.[0]) / 1024;
}
