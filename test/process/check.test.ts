import { expect, onTestFinished, test, vi } from "vitest";
import { runCheck } from "../../src/process/check.ts";

test("a check is over with its command, whatever left its group and holds its output; then nothing is signalled", async () => {
  const kill = vi.spyOn(process, "kill");
  const stop = new AbortController();
  const command = "setsid sleep 100000 & echo $!; sleep 0.2; exit 3";
  const { result, output } = await runCheck(command, "/", 600, { aborted: stop.signal });
  const calls = kill.mock.calls.length;
  onTestFinished(() => void process.kill(Number(output)));
  stop.abort();
  expect([result, calls, kill.mock.calls.length]).toEqual(["failed", 1, 1]);
});

test("a check that takes too long is ended", async () => {
  expect(await runCheck("echo begun; sleep 100000", "/", 3)).toEqual({ result: "timed-out", output: "begun\n" });
});

test("no secret of its environment stands in what a check printed, nor the part of one where it was cut", async () => {
  const env = { PATH: process.env["PATH"], MY_API_KEY: "correct-horse-battery-staple" };
  const check = async (command: string): Promise<string> => (await runCheck(command, "/", 20, { env })).output;
  expect(await check("echo key is $MY_API_KEY")).toBe("key is ‹masked›\n");
  const cut = await check("printf $MY_API_KEY; head -c 3985 /dev/zero | tr '\\0' x");
  expect(cut).toBe(`‹masked›${"x".repeat(3_985)}`);
});
