import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { runGit } from "../../../src/git/run.ts";
import { watchCollisions } from "../../../src/engines/headless/engine/radar.ts";
import type { Happening } from "../../../src/engines/headless/engine/effect.ts";
import { beginFold, foldOne } from "../../../src/run/fold.ts";
import { makePlan } from "../../makePlan.ts";

afterEach(() => void vi.useRealTimers());

test("two workers that change the same lines are told of", async () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "orchestrate-radar-")));
  const git = async (...line: string[]): Promise<string> =>
    (await runGit(project, ["-c", "user.name=a", "-c", "user.email=a@b", ...line])).out.trim();
  await git("init", "-q", "-b", "main");
  writeFileSync(join(project, "shared.txt"), "old\n");
  await git("add", "-A");
  await git("commit", "-qm", "base");
  const base = await git("rev-parse", "HEAD");
  const plan = makePlan({ tasks: ["A", "B"] });
  const index = indexPlan(plan);
  const state = beginFold(index);
  state.engine = "headless";
  for (const [slot, task] of ["A", "B"].entries()) {
    await git("worktree", "add", "-q", "-b", task, join(project, task), base);
    writeFileSync(join(project, task, "shared.txt"), `${task}\n`);
    const place = { worktree: task, branch: task, base, folder: "f", resume: null, slot, dollars: null };
    foldOne(state, {
      type: "dispatched",
      at: "",
      task,
      attempt: 1,
      claim: task,
      client: null,
      before: {},
      place,
    });
  }
  const said: Happening[] = [];
  let stop = (): void => undefined;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const heard = new Promise<void>((resolve) => {
    const timer = watchCollisions({
      project,
      folder: project,
      index,
      state,
      cli: () => "",
      env: {},
      token: "",
      aborted: new AbortController().signal,
      tell: (happening) => {
        said.push(happening);
        resolve();
      },
    });
    stop = () => clearInterval(timer);
  });
  vi.advanceTimersByTime(30_000);
  await heard;
  expect(said).toEqual([{ type: "collisions", pairs: [{ tasks: ["A", "B"], files: ["shared.txt"] }] }]);
  stop();
  rmSync(project, { recursive: true, force: true });
});
