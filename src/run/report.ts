import type { Report, ReportStatus } from "../model/report.ts";

const statuses: readonly ReportStatus[] = ["DONE", "DONE_WITH_CONCERNS", "NEEDS_CONTEXT", "BLOCKED"];

/** The form that a brief asks for and `parseReport` reads. */
export function reportForm(task: string): string {
  return [
    `STATUS: ${statuses.join(" | ")}`,
    `TASK: ${task}`,
    "FILES: the paths you changed, separated by commas, or none",
    "OUTSIDE: path: why (only for a file beyond yours that the task could not do without)",
    "SUMMARY: one or two sentences that whoever builds on this must know; for NEEDS_CONTEXT the question, for BLOCKED the obstacle",
  ].join("\n");
}

/**
 * Reads the report at the end of a worker's last message. The last `STATUS:` line counts; Markdown emphasis around the
 * names is forgiven. Returns what is wrong with it, as a sentence for the worker, when it is no report on `task`.
 */
export function parseReport(message: string, task: string): Report | string {
  const lines = message.split(/\r?\n/).map((line) => line.replaceAll(/[*`]/g, "").trim());
  const start = lines.findLastIndex((line) => line.startsWith("STATUS:"));
  if (start === -1) return "your last message has no line that begins with `STATUS:`";
  const said = valueOf(lines[start] ?? "");
  const status = statuses.find((one) => one === said);
  if (status === undefined) return `\`STATUS: ${said}\` is none of ${statuses.join(", ")}`;
  const named = new Map<string, string[]>();
  let name = "";
  for (const line of lines.slice(start + 1)) {
    const key = /^(TASK|FILES|OUTSIDE|SUMMARY):/.exec(line)?.[1];
    if (key !== undefined) name = key;
    if (name === "" || line === "") continue;
    const values = named.get(name) ?? [];
    values.push(key === undefined ? line : valueOf(line));
    named.set(name, values);
  }
  const about = named.get("TASK")?.[0];
  if (about !== task)
    return `the report must say \`TASK: ${task}\`, and says ${about === undefined ? "no task" : `\`TASK: ${about}\``}`;
  const summary = (named.get("SUMMARY") ?? []).join(" ").trim();
  if (summary === "") return "the report has no `SUMMARY:`";
  return {
    status,
    task,
    files: (named.get("FILES") ?? [])
      .flatMap((line) => line.split(","))
      .map((path) => path.replace(/^[-\s]+/, "").trim())
      .filter((path) => path !== "" && path !== "none"),
    summary,
    outside: (named.get("OUTSIDE") ?? []).flatMap(readOutside),
  };
}

function valueOf(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}

function readOutside(line: string): Report["outside"] {
  const colon = line.indexOf(":");
  const path = (colon === -1 ? line : line.slice(0, colon)).replace(/^[-\s]+/, "").trim();
  const reason = colon === -1 ? "" : line.slice(colon + 1).trim();
  return path === "" || path === "none" || reason === "" ? [] : [{ path, reason }];
}
