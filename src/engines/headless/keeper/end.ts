import type { WorkerEnd, WorkerReport } from "./files.ts";
import { mask } from "../../../process/mask.ts";
import type { Tally } from "./tally.ts";
import { type Evidence, judgeEnd } from "./verdict.ts";

const maxText = 100_000;

/** The whole end of an attempt, masked and bounded. `started`: milliseconds of the steady clock. */
export function endOf(evidence: Evidence, tally: Tally, started: number, secrets: readonly string[]): WorkerEnd {
  const clean = (text: string): string => mask(text, secrets);
  const { logProblem } = evidence;
  const { outcome, reason, report, waitSeconds } = judgeEnd(evidence);
  return {
    schema: 1,
    outcome,
    reason: clean(logProblem === null ? reason : `${reason} (its log is incomplete: ${logProblem})`),
    session: tally.session,
    text: cutBytes(clean(tally.text)),
    report: report === null ? null : cleanReport(report, clean),
    tokens: tally.tokens,
    dollars: tally.dollars,
    ranCommands: tally.ranCommands,
    permissionDenials: tally.denials.map((denial) => clean(denial).slice(0, 200)),
    seconds: Math.round(performance.now() - started) / 1_000,
    waitSeconds,
  };
}

function cleanReport({ status, summary, files, outside }: WorkerReport, clean: (text: string) => string): WorkerReport {
  return {
    status,
    summary: cutBytes(clean(summary)),
    files: files.slice(0, 1_000).map(clean),
    outside: outside.slice(0, 1_000).map(({ path, reason }) => ({ path: clean(path), reason: clean(reason) })),
  };
}

function cutBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxText) return text;
  // A character that the cut went through is left out.
  return bytes.toString("utf8", 0, maxText).replace(/\uFFFD+$/, "");
}
