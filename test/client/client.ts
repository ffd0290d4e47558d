import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import { arrival } from "../until.ts";
import { clientPath } from "./find.ts";
import type { Home } from "./home.ts";
import type { Model } from "./model.ts";

export interface ClientOptions {
  readonly project: string;
  readonly home: Home;
  readonly model: Model;
  /** A plugin folder for this session only; or install one into the home (`installPlugin`). */
  readonly pluginDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More of the client's own arguments, as in `["--resume", id]` or `["--permission-mode", "acceptEdits"]`. */
  readonly args?: readonly string[];
}

/** One line of the stream, as far as tests look at it. */
const StreamEvent = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  session_id: z.string().optional(),
  result: z.string().optional(),
});
type StreamEvent = z.infer<typeof StreamEvent>;

export interface Client extends AsyncDisposable {
  readonly pid: number;
  readonly events: readonly StreamEvent[];
  /** Resolves when the process is gone and its output read. */
  readonly exit: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stderr: string;
  }>;
  /** Resolves with the first event, past or to come, that matches; rejects when the client ends without it. */
  event(matches: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** The same promise, but it rejects with what the client said if the client ends first, instead of hanging. */
  during<Value>(awaited: Promise<Value>): Promise<Value>;
  /** Only the client itself: a command that a worker was running outlives a SIGKILL, as it does at a person's. */
  kill(signal: NodeJS.Signals): void;
}

/** What the client's process sees: nothing of the surrounding session, and no way out but the stand-in. */
export function clientEnvironment({
  home,
  model,
  env,
}: Pick<ClientOptions, "home" | "model" | "env">): Record<string, string> {
  return {
    ...home.env,
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: home.key,
    ...env,
  };
}

/** Starts the real client in `-p` mode with a prompt, in a process group of its own, and reads its stream. */
export function startClient(options: ClientOptions & { readonly prompt: string }): Client {
  const events: StreamEvent[] = [];
  const waiting = new Set<{
    matches: (event: StreamEvent) => boolean;
    take: (event: StreamEvent) => void;
  }>();
  const plugin = options.pluginDir === undefined ? [] : ["--plugin-dir", options.pluginDir];
  const form = ["--output-format", "stream-json", "--verbose"];
  const child = spawn(clientPath(), ["-p", ...form, ...plugin, ...(options.args ?? []), "--", options.prompt], {
    cwd: options.project,
    env: clientEnvironment(options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = StreamEvent.parse(JSON.parse(line));
    events.push(event);
    for (const waiter of waiting) {
      if (!waiter.matches(event)) continue;
      waiting.delete(waiter);
      waiter.take(event);
    }
  });
  const exit = new Promise<Awaited<Client["exit"]>>((ended, failed) => {
    child.once("error", failed);
    child.once("close", (code, signal) => ended({ code, signal, stderr }));
  });
  const gone = exit.then(({ code, signal, stderr: said }) => {
    // A slash command whose block was refused ends with 0 and says so only in its result.
    const result = events.findLast((event) => event.type === "result")?.result ?? "no result";
    throw new Error(`the client ended (${code ?? signal}) before what was awaited: ${said}${result}`);
  });
  // Awaited only by some tests; without this its rejection would count as nobody's.
  gone.catch(() => undefined);

  const seen = (): string => [...events.map((event) => JSON.stringify(event).slice(0, 300)), stderr].join("\n");

  function kill(signal: NodeJS.Signals): void {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
  }

  return {
    pid: child.pid ?? 0,
    events,
    exit: arrival("the end of the client", exit, seen),
    event(matches) {
      const past = events.find(matches);
      if (past !== undefined) return Promise.resolve(past);
      const next = new Promise<StreamEvent>((take) => waiting.add({ matches, take }));
      return arrival(`an event of the client: ${String(matches)}`, Promise.race([gone, next]), seen);
    },
    during: (awaited) => arrival("what the client was to bring about", Promise.race([gone, awaited]), seen),
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await exit;
    },
  };
}
