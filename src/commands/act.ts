import { readFileSync } from "node:fs";
import { join } from "node:path";
import { act } from "../demo/act.ts";
import { projectName } from "../demo/project.ts";
import { markOf } from "../run/brief.ts";
import { tokenVariable } from "../process/sweep.ts";
import type { Answer, Invocation } from "./command.ts";
import { wrongUse } from "./wrongUse.ts";

/** The scripted worker of `demo`: it writes files, so it works nowhere but in a worktree of the demo's own project. */
export function run({ options, world }: Invocation): Promise<Answer> {
  const { ORCHESTRATE_TASK: task, ORCHESTRATE_RUN: id, [tokenVariable]: claim } = world.env;
  const refused = "`act` is the worker that `demo` starts, and works in the demo's own project alone; type `demo`";
  if (task === undefined || id === undefined || claim === undefined || !isDemo(world.cwd))
    return Promise.resolve(wrongUse(refused));
  const brief = world.stdin();
  if (!brief.startsWith(`${markOf(id, task, claim)}\n`)) return Promise.resolve(wrongUse(refused));
  const pace = options["fast"] === true ? 0 : 1;
  return Promise.resolve({
    out: "",
    err: "",
    code: 0,
    live: (screen) =>
      act(task, brief, world.cwd, { pace, say: (line) => screen.write(`${line}\n`), ended: screen.interrupted }),
  });
}

function isDemo(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null && "name" in manifest && manifest.name === projectName;
  } catch {
    return false;
  }
}
