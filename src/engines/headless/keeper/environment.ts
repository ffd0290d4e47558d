import { tokenVariable } from "../../../process/sweep.ts";
import type { Lease } from "./lease.ts";

const passed = new Set(
  (
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TERM " +
    "HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy " +
    "NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR " +
    "CLAUDE_CONFIG_DIR DISABLE_AUTOUPDATER DISABLE_TELEMETRY IS_SANDBOX " +
    // What programs on Windows do not start without.
    "SystemRoot SystemDrive windir ComSpec PATHEXT USERPROFILE USERNAME APPDATA LOCALAPPDATA ProgramData ProgramFiles"
  ).split(" "),
);
const passedPrefixes = ["LC_", "XDG_", "ANTHROPIC_", "CLAUDE_CODE_"];

/** Names by which a client tells its own children who it is: a worker that got them would take itself for such a child. */
const ofParent = /^CLAUDE_CODE_(?:SESSION|CHILD|MESSAGING|ENTRYPOINT|EXECPATH|SSE_PORT|TASK_LIST|AGENT_|TEAM_|PARENT)/;

export interface WorkerNames {
  /** Names that the person's own configuration adds (`worker.env`). */
  readonly allow: readonly string[];
  readonly claim: string;
  readonly run: string;
  readonly task: string;
  readonly lease: Lease;
}

/**
 * What of a person's environment workers, checks and setup commands get: only the names that such work needs and those that
 * the person's own configuration adds, no value with a line break, cloud credentials only when the client is told to
 * use that cloud.
 */
export function passedOn(
  env: Readonly<Record<string, string | undefined>>,
  allow: readonly string[],
): Record<string, string> {
  const named = new Set(allow);
  const prefixes = [
    ...passedPrefixes,
    ...(isSet(env["CLAUDE_CODE_USE_BEDROCK"]) ? ["AWS_"] : []),
    ...(isSet(env["CLAUDE_CODE_USE_VERTEX"]) ? ["GOOGLE_", "CLOUD_ML_", "VERTEX_"] : []),
  ];
  const kept = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || /[\r\n]/.test(value)) return [];
    const isKept =
      named.has(name) ||
      passed.has(name) ||
      (prefixes.some((prefix) => name.startsWith(prefix)) && !ofParent.test(name));
    return isKept ? [[name, value]] : [];
  });
  return Object.fromEntries(kept);
}

/** What git needs to sign in at a remote, and node to be started again; never a token of a package registry. */
const forSupervisor =
  /^(?:GIT_|SSH_|DISPLAY$|WAYLAND_DISPLAY$|DBUS_SESSION_BUS_ADDRESS$|GNUPGHOME$|GPG_TTY$|NODE_(?!AUTH)|ORCHESTRATE_|TMPDIR$|TMP$|TEMP$|NO_COLOR$|FORCE_COLOR$|COLORTERM$|CI$|LD_LIBRARY_PATH$|DYLD_)/;

/** What a supervisor itself keeps of it. Workers run as the same user and can read the environment of every process of theirs. */
export function keptBySupervisor(
  env: Readonly<Record<string, string | undefined>>,
  allow: readonly string[],
): Record<string, string> {
  const own = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && forSupervisor.test(name) ? [[name, value]] : [],
  );
  return { ...Object.fromEntries(own), ...passedOn(env, allow) };
}

/**
 * What a worker sees: what is passed on, and beside it who it is and what it has to itself. `ORCHESTRATE_PORT_BASE` is the
 * first of its ten ports, and `PORT` is that one.
 */
export function workerEnvironment(
  env: NodeJS.ProcessEnv,
  { allow, claim, run, task, lease }: WorkerNames,
): Record<string, string> {
  return {
    ...passedOn(env, allow),
    [tokenVariable]: claim,
    ORCHESTRATE_RUN: run,
    ORCHESTRATE_TASK: task,
    ORCHESTRATE_PORT_BASE: String(lease.ports),
    ORCHESTRATE_CACHE: lease.cache,
    PORT: String(lease.ports),
    TMPDIR: lease.temp,
    TMP: lease.temp,
    TEMP: lease.temp,
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value.toLowerCase() !== "false";
}
