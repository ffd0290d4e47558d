import type { PlannedTask } from "../model/plan.ts";
import type { Task } from "../model/task.ts";
import type { PastRuns } from "./pastRuns.ts";

/** The rule for tasks that state no minutes, in words. `estimate` is the option of that name. */
export const estimateRule =
  "a task that states no minutes counts as the option `estimate`; half of it for documentation and checkpoints, " +
  "three quarters for tests; a quarter more for each file beyond two and for each four points of its description " +
  "beyond four, at most double";

const documentationWords = new Set(["docs", "documentation", "document", "readme", "changelog", "comments", "typo"]);
const testWords = new Set(["test", "tests", "e2e"]);

/** A guess may be off by this much either way, where no past runs say how far guesses are off. */
const doubt = 2;

/** The estimate of a task: minutes as stated or by default, both corrected by past runs where there were enough. */
export function estimateOf(
  task: Task,
  average: number,
  past: PastRuns,
): Pick<PlannedTask, "estimate" | "estimateFrom" | "estimateRange" | "corrected"> {
  const from = task.estimate === null ? "default" : "stated";
  const minutes = task.estimate ?? defaultMinutes(task, average);
  const correction = past[from];
  if (correction !== null) {
    const { by, least, most } = correction;
    return {
      estimate: minutes * by,
      estimateFrom: "past-runs",
      estimateRange: [minutes * least, minutes * most],
      corrected: { from, by },
    };
  }
  return {
    estimate: minutes,
    estimateFrom: from,
    estimateRange: from === "stated" ? null : [minutes / doubt, minutes * doubt],
    corrected: null,
  };
}

/** Minutes by `estimateRule` from those of an average task. */
function defaultMinutes(task: Task, average: number): number {
  const written = task.files.filter((file) => file.access !== "read").length;
  const points = pointsIn(task.body);
  const size = 1 + Math.max(0, written - 2) / 4 + Math.floor(Math.max(0, points - 4) / 4) / 4;
  return average * kindFactor(task) * Math.min(2, size);
}

function kindFactor(task: Task): number {
  if (task.gate) return 0.5;
  const words = task.title.toLowerCase().split(/[^a-z0-9]+/);
  const written = task.files.filter((file) => file.access !== "read");
  const onlyProse = written.length > 0 && written.every(({ path }) => /\.(md|mdx|rst|txt|adoc)$/.test(path));
  if (onlyProse || words.slice(0, 4).some((word) => documentationWords.has(word))) return 0.5;
  return words.some((word) => testWords.has(word)) ? 0.75 : 1;
}

/** List items in a description. */
function pointsIn(body: string): number {
  let points = 0;
  for (const line of body.split("\n")) if (/^\s*(?:[-*+]|\d{1,3}[.)])\s/.test(line)) points++;
  return points;
}
