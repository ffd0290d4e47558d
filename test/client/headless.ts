import { execFile, spawn } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { onTestFailed } from "vitest";
import * as z from "zod";
import { arrival, until } from "../until.ts";
import { clientEnvironment } from "./client.ts";
import { clientPath } from "./find.ts";
import type { Home, Project } from "./home.ts";
import type { Model } from "./model.ts";
import { helper } from "./orchestrator.ts";
import type { ModelRequest } from "./request.ts";
import type { ToolCall, Turn } from "./turn.ts";

const execute = promisify(execFile);

export interface Surroundings {
  readonly model: Model;
  readonly project: Project;
  readonly home: Home;
}

/** A headless worker as the model meets it: the conversation of a client's process of its own. */
export interface Talk {
  readonly session: string;
  /** The newest request. */
  readonly request: ModelRequest;
  /** Makes it call tools; resolves with its next request, which holds their results. */
  act(...calls: ToolCall[]): Promise<ModelRequest>;
  end(turn: string | Turn): void;
}

/** Resolves when a client asks for the first time, or for the first time since it was resumed, about this task. */
export async function nextTalk(model: Model, task: string): Promise<Talk> {
  return talkOf(model, (request) => newTask(request) === task);
}

/** Resolves with the next conversation that begins in this way. */
export async function talkOf(model: Model, begins: (request: ModelRequest) => boolean): Promise<Talk> {
  let { request, answer } = await model.nextMain(begins);
  const session = request.session ?? "";
  return {
    session,
    get request() {
      return request;
    },
    async act(...calls) {
      answer({ calls });
      ({ request, answer } = await model.nextMain((next) => next.session === session && newTask(next) === null));
      return request;
    },
    end: (turn) => answer(typeof turn === "string" ? { text: turn } : turn),
  };
}

/** The task of the brief that a client has just been given; null when the news are something else. */
function newTask(request: ModelRequest): string | null {
  return /^\[orchestrate \S+ (\S+) \S+\]$/m.exec(request.news)?.[1] ?? null;
}

/** The environment of a person's terminal in which `claude` is the real client, and the stand-in its only model. */
export async function terminalEnvironment({ home, model }: Surroundings): Promise<Record<string, string>> {
  const bin = join(home.folder, "bin");
  await mkdir(bin, { recursive: true });
  // It stands there already when this home was used before.
  await symlink(clientPath(), join(bin, "claude")).catch(() => undefined);
  const env = clientEnvironment({ home, model });
  return { ...env, PATH: `${bin}${delimiter}${env["PATH"] ?? ""}` };
}

/** Runs the helper to its end, in the project, and gives its exit code and all that it printed. */
export async function ask(surroundings: Surroundings, ...args: string[]): Promise<{ code: number; said: string }> {
  const env = await terminalEnvironment(surroundings);
  try {
    const { stdout, stderr } = await execute(process.execPath, [helper, ...args], {
      cwd: surroundings.project.folder,
      env,
    });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error);
    return { code: failed.code, said: failed.stdout + failed.stderr };
  }
}

export interface Supervisor extends AsyncDisposable {
  readonly pid: number;
  readonly exit: Promise<{ readonly code: number | null; readonly said: string }>;
  /** The same promise, but it rejects with what the helper said if that ends first. */
  during<Value>(awaited: Promise<Value>): Promise<Value>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the helper with a verb that supervises until the run ends. When it is disposed of, its run is stopped and its workers are gone. */
export async function supervise(surroundings: Surroundings, ...args: string[]): Promise<Supervisor> {
  const env = await terminalEnvironment(surroundings);
  const child = spawn(process.execPath, [helper, ...args], {
    cwd: surroundings.project.folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const exit = new Promise<{ code: number | null; said: string }>((ended) => {
    child.once("close", (code) => ended({ code, said }));
  });
  const gone = exit.then(({ code }) => {
    throw new Error(`the helper ended (${code}) before what was awaited:\n${said}`);
  });
  gone.catch(() => undefined);
  let events: readonly RunEvent[] = [];
  onTestFailed(() => {
    const asked = surroundings.model.requests.map(({ session, news }) => `${session ?? ""}: ${news.slice(0, 300)}`);
    const happened = events.map((event) => JSON.stringify(event).slice(0, 300));
    process.stderr.write([said, ...happened, ...asked, ""].join("\n"));
  });
  return {
    pid: child.pid ?? 0,
    exit: arrival(`the end of \`${args.join(" ")}\``, exit, () => said),
    during: (awaited) =>
      arrival(`what \`${args.join(" ")}\` was to bring about`, Promise.race([gone, awaited]), () => said),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exit;
      // The project is gone before a failed test can look at it.
      events = await journal(surroundings.project);
      await ask(surroundings, "stop");
    },
  };
}

/** Ends the newest run of the project with all its workers when it is disposed of, whoever supervises it. */
export function stopAtEnd(surroundings: Surroundings): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await ask(surroundings, "stop");
      await settled(surroundings.project);
    },
  };
}

/** Resolves when no supervisor has the newest run any more. */
export async function settled(project: Project): Promise<void> {
  await until("a run that nobody supervises", async () => {
    const last = (await journal(project)).findLast(({ type }) => type === "supervised" || type === "released");
    return last === undefined || last.type === "released";
  });
}

const RunEvent = z.looseObject({ type: z.string(), task: z.string().nullish() });
type RunEvent = z.infer<typeof RunEvent>;

/** What the journal of the newest run says, in order; nothing before there is a run. */
export async function journal(project: Project): Promise<RunEvent[]> {
  const current = await readFile(join(project.folder, ".orchestrate/current.json"), "utf8").catch(() => null);
  if (current === null) return [];
  const { run } = z.looseObject({ run: z.string() }).parse(JSON.parse(current));
  const text = await readFile(join(project.folder, ".orchestrate/runs", run, "events.jsonl"), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => RunEvent.parse(JSON.parse(line)));
}

/** Resolves with the first event, past or to come, of this type and with these values. */
export async function untilEvent(
  project: Project,
  type: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<RunEvent> {
  let events: readonly RunEvent[] = [];
  return until(
    `the event \`${type}\` with ${JSON.stringify(values)}`,
    async () => {
      events = await journal(project);
      return events.find(
        (event) => event.type === type && Object.entries(values).every(([name, value]) => event[name] === value),
      );
    },
    () => events.map((event) => JSON.stringify(event)).join("\n"),
  );
}

/** What happened to each task, as in `{T1: "dispatched ended verified merged"}`; only events of these types when any are named. */
export async function courses(project: Project, ...types: string[]): Promise<Record<string, string>> {
  const events = (await journal(project)).filter(({ type }) => types.length === 0 || types.includes(type));
  const tasks = [...new Set(events.flatMap((event) => event.task ?? []))].toSorted();
  return Object.fromEntries(
    tasks.map((task) => [
      task,
      events
        .filter((event) => event.task === task)
        .map((event) => event.type)
        .join(" "),
    ]),
  );
}
