import { afterEach, expect, test, vi } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { taskRef } from "../../../src/git/names.ts";
import { watchCollisions } from "../../../src/engines/headless/engine/radar.ts";
import type { Happening } from "../../../src/engines/headless/engine/effect.ts";
import { beginFold, foldOne } from "../../../src/run/fold.ts";
import { handedTree, ledgerOf, makeRepository, run, write } from "../../git/makeRepository.ts";
import { makePlan } from "../../makePlan.ts";

afterEach(() => void vi.useRealTimers());

test("two workers that change the same lines are told of", async () => {
  const { folder: project, base } = makeRepository({ "shared.txt": "old\n" });
  const ledger = await ledgerOf(project);
  const plan = makePlan({ tasks: ["A", "B"] });
  const index = indexPlan(plan);
  const state = beginFold(index);
  state.engine = "headless";
  for (const [slot, task] of ["A", "B"].entries()) {
    const { root } = await handedTree(ledger, task, base);
    write(root, { "shared.txt": `${task}\n` });
    const branch = taskRef(run, task);
    const worktree = `.orchestrate/worktrees/${run}/${task}`;
    const place = { worktree, branch, base, folder: "f", resume: null, slot, dollars: null };
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
      ledger,
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
});
