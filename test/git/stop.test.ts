import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runGit } from "../../src/git/run.ts";
import { serially } from "../../src/git/serially.ts";
import { stopGit } from "../../src/git/stop.ts";
import { makeRepository } from "./makeRepository.ts";

test("after a stop git that runs is ended, and what waits for it never begins", async () => {
  const { folder } = makeRepository();
  const slow = ["-c", "alias.slow=!touch began; exec sleep 40", "slow"];
  const work = vi.fn<() => Promise<void>>();
  const running = serially(() => runGit(folder, slow));
  const outcome = Promise.allSettled([running, serially(work), runGit(folder, slow)]);
  await vi.waitUntil(() => existsSync(join(folder, "began")), { timeout: 5_000 });
  const since = performance.now();
  stopGit();
  expect((await outcome).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await expect(runGit(folder, ["version"])).rejects.toThrow("stopped");
  expect(work).not.toHaveBeenCalled();
  expect(performance.now() - since).toBeLessThan(5_000);
});
