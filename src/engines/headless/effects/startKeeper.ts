import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { grace } from "./endKeeper.ts";
import { ceilingOf } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";
import { workerEnvironment } from "../keeper/environment.ts";
import { attemptFiles, replaceFile } from "../keeper/files.ts";
import { leaseOf } from "../keeper/lease.ts";

/** Bytes of each of a worker's two logs. */
const logBytes = 4 * 1024 * 1024;

/** Whether a child of this process is gone. */
export function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Starts a keeper, which outlives this process, over a worker that gets `text` on its standard input. */
export function startKeeper(
  folder: string,
  text: string,
  command: string[],
  cwd: string,
  { cli, env, index, project }: Surroundings,
  worker: {
    readonly claim: string;
    readonly run: string;
    readonly task: string;
    readonly slot: number;
    readonly limits: { readonly firstEvent: number; readonly idle: number; readonly total: number };
  },
): ChildProcess {
  const lease = leaseOf(worker.slot, folder);
  for (const each of [folder, lease.temp, lease.cache]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const files = attemptFiles(folder);
  writeFileSync(files.brief, text, { mode: 0o600 });
  const limits = { ...worker.limits, grace, logBytes };
  replaceFile(files.launch, { schema: 1, command, cwd, claim: worker.claim, limits });
  const { claim, run, task } = worker;
  const allow = index.plan.config.worker.env ?? [];
  const keeper = spawn(process.execPath, [cli(), "keep", folder], {
    cwd,
    detached: true,
    stdio: "ignore",
    // Git finds the worker's tree or none, never the person's checkout around it.
    env: { ...workerEnvironment(env, { allow, claim, run, task, lease }), GIT_CEILING_DIRECTORIES: ceilingOf(project) },
  });
  keeper.on("error", () => undefined);
  if (keeper.pid === undefined) throw new Error("no process could be started to stand over its worker");
  keeper.unref();
  return keeper;
}
