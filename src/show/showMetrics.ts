import type { Metrics, RunMetrics } from "../model/metrics.ts";
import { visible } from "../text/escape.ts";
import { dollarsInWords, duration, oneLine, tokensInWords } from "../text/oneLine.ts";
import { clip, displayWidth, pad } from "../text/layout.ts";

/** The metrics of one run as text. */
export function showRunMetrics(run: RunMetrics, width: number): string {
  const { minutes, tasks, rework, forecast } = run;
  const head = `Run ${visible(run.run)} of ${run.source.map((source) => visible(source)).join(", ")}`;
  if (run.startedAt === null) return `${head}: nothing was launched yet.`;
  const end = `${moment(run.endedAt ?? run.startedAt)} UTC${run.finished === null ? ", and not at its end" : ""}`;
  const left = [
    ["paused", minutes.paused],
    ["stopped", minutes.stopped],
    ["without a supervisor", minutes.unsupervised],
  ] as const;
  const rows: [string, string, string][] = [
    ["wall time", time(minutes.wall), leftOut(left)],
    ["work", time(minutes.work), `of all workers; ${time(minutes.successfulWork)} of it was taken`],
    ["speed-up", times(run.speedup), `forecast ${forecast.speedup.toFixed(1)}×`],
    ["longest chain", time(minutes.longestChain), ""],
    [
      "overhead",
      time(minutes.overhead),
      minutes.limited > 0 ? `${time(minutes.limited)} of the wall time held back by rate limits` : "",
    ],
    ["utilisation", percent(run.utilisation), `of ${run.workers} worker${run.workers === 1 ? "" : "s"}`],
    [
      "success",
      percent(run.successRate),
      `${tasks.succeeded} of ${tasks.launched} launched; ${tasks.planned} planned, ${tasks.failed} failed`,
    ],
    [
      "rework",
      rework.perTask === null ? "–" : `${rework.perTask.toFixed(2)} a task`,
      `${rework.sendBacks} sent back, ${rework.restarts} restarted, ${rework.retries} retried, ${rework.conflicts} in conflict`,
    ],
    [
      "tokens",
      tokensInWords(run.tokens),
      tasks.launched === 0 ? "" : `${tokensInWords(run.tokens / tasks.launched)} a task`,
    ],
    [
      "cost",
      dollarsInWords(run.dollars),
      tasks.launched === 0 ? "" : `${dollarsInWords(run.dollars / tasks.launched)} a task`,
    ],
    [
      "forecast",
      time(forecast.minutes),
      forecast.actualOverForecast === null ? "" : `it took ${ratio(forecast.actualOverForecast)} as long`,
    ],
  ];
  const launched = run.byTask.filter((task) => task.actual !== null);
  const idWidth = Math.min(16, Math.max(4, ...launched.map((task) => displayWidth(visible(task.id)))));
  return [
    `${head}, ${moment(run.startedAt)} to ${end}`,
    "",
    ...rows.map(([name, value, note]) => clip(`  ${pad(name, 14)} ${pad(value, 11)} ${note}`.trimEnd(), width)),
    "",
    clip(
      `  ${pad("task", idWidth)}  ${pad("estimate", 9)} ${pad("actual", 8)} ${pad("tokens", 7)} ${pad("cost", 7)} tries`,
      width,
    ),
    ...launched.map((task) =>
      clip(
        `  ${pad(clip(visible(task.id), idWidth), idWidth)}  ${pad(time(task.estimate), 9)} ${pad(time(task.actual ?? 0), 8)} ${pad(tokensInWords(task.tokens), 7)} ${pad(dollarsInWords(task.dollars), 7)} ${pad(String(task.attempts), 5)} ${oneLine(task.title, 100)}`.trimEnd(),
        width,
      ),
    ),
    ...failures(run.failures, width),
  ].join("\n");
}

/** All runs by month, as text. */
export function showMonths({ months, unreadable }: Metrics, width: number): string {
  const lines = months.flatMap((month) => [
    clip(
      `${visible(month.month)}  ${pad(String(month.runs), 5)} ${pad(String(month.tasks), 6)} ${pad(times(month.speedup), 9)} ${pad(percent(month.successRate), 8)} ${pad(month.reworkPerTask === null ? "–" : month.reworkPerTask.toFixed(2), 7)} ${pad(tokensInWords(month.tokens), 7)} ${dollarsInWords(month.dollars)}`,
      width,
    ),
    ...month.failures.map(({ reason, times: number }) => clip(`         ${number}× ${oneLine(reason)}`, width)),
  ]);
  return [
    ...(months.length === 0
      ? ["No run of this project has launched anything yet."]
      : [clip("month    runs  tasks  speed-up  success  rework  tokens  cost", width), ...lines]),
    ...unreadable.map(({ run, reason }) => clip(`Left out: ${visible(run)}, ${oneLine(reason)}`, width)),
  ].join("\n");
}

function failures(all: RunMetrics["failures"], width: number): string[] {
  if (all.length === 0) return [];
  return [
    "",
    "  Why workers and tasks failed:",
    ...all.slice(0, 5).map(({ reason, times: number }) => clip(`  ${number}× ${oneLine(reason)}`, width)),
  ];
}

function leftOut(parts: readonly (readonly [string, number])[]): string {
  const some = parts.flatMap(([name, minutes]) => (minutes > 0 ? `${time(minutes)} ${name}` : []));
  return some.length === 0 ? "from the first launch to the end" : `without ${some.join(", ")}`;
}

function time(minutes: number): string {
  return duration(minutes * 60);
}

function times(value: number | null): string {
  return value === null ? "–" : `${value.toFixed(1)}×`;
}

/** `2026-11-21 15:57:38` of an ISO time. */
function moment(iso: string): string {
  return visible(iso.slice(0, 19).replace("T", " "));
}

function ratio(value: number): string {
  return value < 0.01 ? "less than 0.01×" : `${value.toFixed(2)}×`;
}

function percent(value: number | null): string {
  return value === null ? "–" : `${Math.round(value * 100)} %`;
}
