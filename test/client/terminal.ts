import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../until.ts";
import { clientEnvironment, type ClientOptions } from "./client.ts";
import { clientPath } from "./find.ts";

const run = promisify(execFile);

/** The interactive client in a terminal of its own. */
export interface Terminal extends AsyncDisposable {
  /** Types these words as they are, without Enter. */
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names: `Enter`, `Escape`, `C-c`, `Up`. */
  press(...keys: string[]): Promise<void>;
  /** Pastes a text in one piece, as a person does with a list over several lines. */
  paste(text: string): Promise<void>;
  screen(): Promise<string>;
  /** Resolves with the screen once it matches. */
  waitForScreen(matches: RegExp): Promise<string>;
}

/**
 * Starts the client in tmux, on a server of its own. The home must trust the project (`makeHome(project)`). Give it a
 * `--permission-mode` where tools run: the client's own default asks a service that the stand-in is not.
 */
export async function startTerminal(
  options: ClientOptions & { readonly columns?: number; readonly rows?: number },
): Promise<Terminal> {
  const socket = join(options.home.folder, `terminal-${randomUUID().slice(0, 8)}`);
  const tmux = async (...args: string[]): Promise<string> =>
    (await run("tmux", ["-S", socket, "-f", "/dev/null", ...args])).stdout;
  const env = { ...clientEnvironment(options), TERM: "xterm-256color" };
  const plugin = options.pluginDir === undefined ? [] : ["--plugin-dir", options.pluginDir];
  // `env -i`: tmux hands on everything of its own environment, and the client must see nothing of it.
  const clean = ["env", "-i", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const command = [...clean, clientPath(), ...plugin, ...(options.args ?? [])];
  const size = ["-x", String(options.columns ?? 160), "-y", String(options.rows ?? 50)];
  await tmux("new-session", "-d", "-s", "main", "-c", options.project, ...size, ...command);

  const screen = (): Promise<string> => tmux("capture-pane", "-p", "-t", "main");
  return {
    async type(text) {
      await tmux("send-keys", "-t", "main", "-l", "--", text);
    },
    async press(...keys) {
      await tmux("send-keys", "-t", "main", "--", ...keys);
    },
    async paste(text) {
      await tmux("set-buffer", "-b", "paste", "--", text);
      await tmux("paste-buffer", "-p", "-d", "-b", "paste", "-t", "main");
    },
    screen,
    async waitForScreen(matches) {
      let shown = "";
      return until(
        `a screen that matches ${String(matches)}`,
        async () => {
          shown = await screen();
          return matches.test(shown) ? shown : null;
        },
        () => shown,
      );
    },
    async [Symbol.asyncDispose]() {
      // A client that is only hung up still writes into its home while it ends: it must be gone before the home is.
      const pid = Number(await tmux("display-message", "-p", "-t", "main", "#{pane_pid}").catch(() => ""));
      if (pid > 0) await endProcess(pid);
      await tmux("kill-server").catch(() => undefined);
    },
  };
}

async function endProcess(pid: number): Promise<void> {
  await until(`the end of process ${pid}`, () => !signal(pid, "SIGKILL"));
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
