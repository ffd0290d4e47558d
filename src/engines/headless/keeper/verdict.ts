import { workerReport, type KeptOutcome, type WorkerReport } from "./files.ts";
import type { Result, Retry } from "./protocol.ts";
import { secondsUntil, secondsUntilReset } from "./resetTime.ts";
import { isLimitNotice, saysLimit } from "./usageLimit.ts";

/** Why the keeper ended a worker, or that the worker ended by itself. */
export type Ending =
  | { readonly by: "exit" }
  /** It went on after its result. */
  | { readonly by: "result" }
  | { readonly by: "first-event" | "stuck" | "timeout" | "stopped" }
  | { readonly by: "unstartable"; readonly why: string };

export interface Evidence {
  readonly ending: Ending;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last result, unless work followed it. */
  readonly result: Result | null;
  /** The client was waiting to ask the model again. */
  readonly retry: Retry | null;
  readonly resetsAt: number | null;
  /** The service refused the last request because of a limit: the client said so in a field of its own, not in words. */
  readonly refused: boolean;
  /** The end of what it printed that was no protocol, standard error included. */
  readonly words: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly limits: { readonly firstEvent: number; readonly idle: number; readonly total: number };
  /** Why a log is incomplete, or null. */
  readonly logProblem: string | null;
}

export interface Verdict {
  readonly outcome: KeptOutcome;
  readonly reason: string;
  readonly waitSeconds: number;
  readonly report: WorkerReport | null;
}

const login =
  /invalid (?:x-)?api[ -]key|please run \/login|not logged in|authentication_(?:error|failed)|oauth token (?:has expired|revoked|has been revoked)/i;
const unpaid = /credit balance is too low|billing_error/i;
const forbidden =
  /cannot be used with root\/sudo privileges|requested permissions? to|haven't granted it|permission (?:was )?denied by|requires? approval/i;

/** Says how a worker ended, from all that is known of it. */
export function judgeEnd(evidence: Evidence): Verdict {
  const { ending, result } = evidence;
  if (ending.by === "unstartable") return plain("unstartable", ending.why);
  if (result !== null) return judgeResult(result, evidence);
  if (ending.by === "stopped") return plain("stopped", "it was told to stop");
  const waiting = ending.by === "exit" ? null : whileWaiting(evidence);
  if (waiting !== null) return waiting;
  switch (ending.by) {
    case "first-event":
      return plain("first-event", `it printed nothing in the first ${seconds(evidence.limits.firstEvent)}`);
    case "stuck":
      return plain("stuck", `it printed nothing for ${seconds(evidence.limits.idle)}`);
    case "timeout":
      return plain("timeout", `it was not done after ${seconds(evidence.limits.total)}`);
    case "exit":
    case "result":
      return judgeExit(evidence);
  }
}

function judgeResult(result: Result, evidence: Evidence): Verdict {
  const said = [result.text, ...result.errors].join("\n").trim();
  if (result.subtype === "error_max_budget_usd") return plain("budget", "it spent the dollars it was given");
  if (/limit|overload/.test(result.subtype) && saysLimit(result.subtype.replace(/^error_/, "")))
    return limitReached(said === "" ? result.subtype : said, evidence);
  if (result.subtype === "error_max_turns") return plain("turns", "it used up the turns it was given");
  if (result.isError || result.subtype !== "success")
    return (
      judgeFailure(said, result.status, result.error, evidence) ??
      (evidence.refused && result.status === null ? limitReached(said, evidence) : null) ??
      plain("crash", `it ended with an error: ${short(said === "" ? result.subtype : said)}`)
    );
  if (isLimitNotice(result.text)) return limitReached(result.text, evidence);
  if (result.report === undefined) return plain("finished", "it gave its result");
  const report = workerReport().safeParse(result.report);
  if (report.success) return { ...plain("finished", "it gave its report"), report: report.data };
  const issue = report.error.issues[0];
  const field = ["report", ...(issue?.path ?? [])].join(".");
  return plain("crash", `its result line has a malformed \`${field}\`: ${issue?.message ?? "not understood"}`);
}

/** What an error says beyond that it is one; null when nothing. */
function judgeFailure(said: string, status: number | null, error: string, evidence: Evidence): Verdict | null {
  if (status === 401 || login.test(said) || login.test(error))
    return plain("permission", `the client is not logged in; log in or set its key first: ${short(said)}`);
  if (unpaid.test(said) || unpaid.test(error))
    return plain("permission", `the account cannot pay for requests; add credit first: ${short(said)}`);
  if (status === 429 || status === 529 || saysLimit(error) || (status === null && saysLimit(said)))
    return limitReached(said, evidence);
  if (status === 403 || forbidden.test(said))
    return plain("permission", `it may not do what it needs to; allow it first: ${short(said)}`);
  return null;
}

/** What the service named in a field counts before the words, as long as it is not over. */
function limitReached(said: string, { resetsAt, now }: Evidence): Verdict {
  const named = resetsAt === null ? 0 : secondsUntil(resetsAt, now);
  const waitSeconds = named > 0 ? named : secondsUntilReset(said, now);
  return { ...plain("rate-limit", `the service takes no more requests for now: ${short(said)}`), waitSeconds };
}

/** A worker that ran out of time while its client waited for the service was not slow itself. */
function whileWaiting(evidence: Evidence): Verdict | null {
  const { retry } = evidence;
  if (retry === null) return null;
  const verdict = judgeFailure(retry.error, retry.status, retry.error, evidence);
  if (verdict?.outcome !== "rate-limit") return verdict;
  return verdict.waitSeconds > 0 ? verdict : { ...verdict, waitSeconds: Math.ceil(retry.seconds) };
}

function judgeExit(evidence: Evidence): Verdict {
  const { code, signal, words, refused, retry } = evidence;
  if (code === 0) return plain("no-result", `it ended without a result${lastWords(words)}`);
  const how = signal === null ? `with exit code ${code ?? "unknown"}` : `by ${signal}`;
  // Only a client that could not begin says little and this: what a worker printed at work proves nothing.
  const said = words.trim();
  const couldNotBegin =
    said.length <= 500 && (login.test(said) || forbidden.test(said) || said.split("\n").some(isLimitNotice));
  return (
    (couldNotBegin ? judgeFailure(said, null, "", evidence) : null) ??
    // It gave up while the service refused it.
    (retry === null ? null : whileWaiting(evidence)) ??
    (refused ? limitReached(said, evidence) : null) ??
    plain("crash", `it ended ${how}, without a result${lastWords(words)}`)
  );
}

function lastWords(words: string): string {
  const line = words.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `; its last words: ${short(line)}`;
}

function plain(outcome: KeptOutcome, reason: string): Verdict {
  return { outcome, reason, waitSeconds: 0, report: null };
}

function seconds(amount: number): string {
  return amount === 1 ? "1 second" : `${amount} seconds`;
}

function short(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
