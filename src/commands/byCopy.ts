import { spawn } from "node:child_process";
import { keptBySupervisor } from "../engines/headless/keeper/environment.ts";
import { bundleOf, intactCopy, isProgram } from "../run/bundle.ts";
import type { Run } from "../run/store.ts";
import { visible } from "../text/escape.ts";
import type { Answer, Invocation, Screen, World } from "./command.ts";
import { version } from "./version.ts";

/** Which program goes on with a headless run: this one, or the copy of the one that began it. */
export type Carrier =
  | { readonly by: "this"; /** What to say of it. */ readonly note: readonly string[] }
  | { readonly by: "copy"; readonly copy: string; readonly version: string };

/** A run is carried to its end by the program that began it; by this one where that program's copy is gone or damaged. */
export function carrierOf({ folder, events }: Run, { world }: Invocation): Carrier {
  const begunBy = bundleOf(events);
  if (begunBy === null || isProgram(world.cli, begunBy.digest)) return { by: "this", note: [] };
  const copy = intactCopy(folder, begunBy);
  if (copy !== null) return { by: "copy", copy, version: begunBy.version };
  return {
    by: "this",
    note: [
      `The copy of version ${visible(begunBy.version)}, which began the run, is missing or damaged: version ${version} goes on with it.`,
    ],
  };
}

/** The same command line, answered by the copy as a process of its own. */
export function byCopy(
  { copy, version: begunBy }: Extract<Carrier, { by: "copy" }>,
  { state: { run }, plan }: Run,
  input: Invocation,
): Answer {
  const { world } = input;
  const env = keptBySupervisor(world.env, plan.config.worker.env ?? []);
  const words = Object.entries(input.options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  );
  const line = [copy, "resume", ...words, "--", ...(input.positionals.length === 0 ? [run] : input.positionals)];
  return {
    out: `Run ${run} was begun by version ${visible(begunBy)}: its copy in the run's folder goes on with it.\n`,
    err: "",
    code: 0,
    live: (screen) => {
      // This process stays beside the supervisor: workers must find no more in it than there.
      world.dropEnvironment?.(env);
      return follow(line, { ...world, env }, screen);
    },
  };
}

/** In a process group of its own, so that an interruption reaches it once: from here, not from the terminal as well. */
function follow(line: readonly string[], world: World, screen: Screen): Promise<Answer["code"]> {
  const child = spawn(process.execPath, line, {
    cwd: world.cwd,
    env: { ...world.env },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  screen.interrupted.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code === 0 || code === 2 || code === 3 || code === 4 ? code : 1));
  });
}
