import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runGit } from "../../src/git/run.ts";
import { serially } from "../../src/git/serially.ts";
import { stopGit } from "../../src/git/stop.ts";
import { until } from "../until.ts";
import { makeRepository } from "./makeRepository.ts";

test("after a stop git that runs is ended, and what waits for it never begins", async () => {
  const { folder } = makeRepository();
  const slow = ["-c", "alias.slow=!touch began; exec sleep 100000", "slow"];
  const work = vi.fn<() => Promise<void>>();
  const running = serially(() => runGit(folder, slow));
  const outcome = Promise.allSettled([running, serially(work), runGit(folder, slow)]);
  await until("git that runs", () => existsSync(join(folder, "began")));
  stopGit();
  expect((await outcome).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await expect(runGit(folder, ["version"])).rejects.toThrow("stopped");
  expect(work).not.toHaveBeenCalled();
});
