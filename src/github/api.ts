import { execFile } from "node:child_process";
import { mask, secretsOf } from "../process/mask.ts";
import { oneLine } from "../text/oneLine.ts";

/** What GitHub answered, whatever the status. */
interface Answered {
  readonly kind: "answer";
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** `gh` could not ask, or got no answer. `said` is its own words: one line, secrets masked. */
interface Unanswered {
  readonly kind: "not-installed" | "not-logged-in" | "timed-out" | "too-large" | "unreachable";
  readonly said: string;
}

export type ApiResult = Answered | Unanswered;

/** How to run `gh`. */
export interface Gh {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
}

/** A page of 100 issues with bodies of the greatest length, and more. */
const mostOutput = 48 * 1024 * 1024;
/** What makes `gh` print anything but the answer, or asks somebody. */
const noisy = /^(?:GH_DEBUG|DEBUG|GH_FORCE_TTY|GH_PAGER|PAGER|CLICOLOR_FORCE|GH_REPO|GH_HOST)$/;
/** What points git at another repository than that of its folder. */
const elsewhere = /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|NAMESPACE|CONFIG|PREFIX)$/;

/** The environment of what we start: it asks nobody, pages nothing and prints no debug output, which holds headers. */
function quietEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !noisy.test(name) && !elsewhere.test(name));
  const quiet = { GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1", GIT_TERMINAL_PROMPT: "0" };
  return { ...Object.fromEntries(kept), ...quiet, LC_ALL: "C" };
}

/** Runs a program with exactly these arguments, without a shell. `code` is null where it did not start or was ended. */
export function runQuietly(
  program: "gh" | "git",
  args: readonly string[],
  { cwd, env, timeout }: Gh,
): Promise<{ code: number | null; out: string; err: string; ended: Unanswered["kind"] | null }> {
  return new Promise((resolve) => {
    const options = { cwd, env: quietEnvironment(env), timeout, maxBuffer: mostOutput, encoding: "utf8" as const };
    const child = execFile(
      program,
      args,
      { ...options, killSignal: "SIGKILL", windowsHide: true },
      (error, out, err) => {
        if (error === null) return resolve({ code: 0, out, err, ended: null });
        if (typeof error.code === "number") return resolve({ code: error.code, out, err, ended: null });
        const why = error.code ?? "";
        const ended =
          why === "ENOENT"
            ? "not-installed"
            : why === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"
              ? "too-large"
              : error.killed === true
                ? "timed-out"
                : "unreachable";
        resolve({ code: null, out, err: err === "" ? error.message : err, ended });
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end();
  });
}

/** Sends one GET request through `gh api`. `path` is built by us from checked parts; nothing of an issue's text is in it. */
export async function getApi(host: string, path: string, gh: Gh): Promise<ApiResult> {
  const headers = ["Accept: application/vnd.github+json", "X-GitHub-Api-Version: 2022-11-28"];
  const args = ["api", "--hostname", host, "--method", "GET", "--include"];
  const ran = await runQuietly("gh", [...args, ...headers.flatMap((header) => ["--header", header]), path], gh);
  const said = oneLine(mask(ran.err, secretsOf(gh.env)), 300);
  if (ran.ended !== null) return { kind: ran.ended, said };
  const answer = parseAnswer(ran.out);
  if (answer !== null) return answer;
  // The code of `gh` for "log in first".
  return { kind: ran.code === 4 ? "not-logged-in" : "unreachable", said };
}

/** Status line, headers and body, as `gh api --include` prints them. Null when it is something else. */
export function parseAnswer(out: string): Answered | null {
  const head = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n((?:[^\r\n]+\r?\n)*)\r?\n/.exec(out);
  if (head === null) return null;
  const headers = new Map<string, string>();
  for (const line of (head[2] ?? "").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { kind: "answer", status: Number(head[1]), headers, body: out.slice(head[0].length) };
}
