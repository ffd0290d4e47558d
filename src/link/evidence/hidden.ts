import type { Doubt } from "../../model/graph.ts";
import type { Phase } from "../../model/list.ts";
import type { Repository } from "../../model/repository.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Claims } from "../locks/claims.ts";
import { creatorsFirst } from "../locks/files.ts";
import { strong, type Finding } from "./finding.ts";
import { importsFirst } from "./imports.ts";
import { saidParallel } from "../statements/order.ts";
import type { Statement } from "../statements/statement.ts";
import { symbolsMadeFirst } from "./symbols.ts";
import { testsAfterCode } from "./testsOf.ts";
import type { Writers } from "./writers.ts";

/** No more doubts are handed on: a few become questions. */
const mostDoubts = 1000;

/**
 * Dependencies that nobody stated: the strong ones as statements, the weak ones as doubts. Where both tasks are marked as
 * parallel, somebody has thought about it: then words alone are only a doubt.
 */
export function hiddenDependencies(
  tasks: readonly ListedTask[],
  phases: readonly Phase[],
  claims: Claims,
  writers: Writers,
  repository: Repository | null,
): { readonly statements: Statement[]; readonly doubts: Doubt[] } {
  const findings = [
    ...symbolsMadeFirst(tasks),
    ...testsAfterCode(tasks),
    ...(repository === null ? [] : importsFirst(tasks, writers, repository)),
  ].map((finding) =>
    bothParallel(finding, tasks, phases) ? { ...finding, confidence: finding.confidence * 0.75 } : finding,
  );
  const sure = findings.filter((finding) => finding.confidence >= strong);
  return {
    statements: [
      ...creatorsFirst(claims, tasks),
      ...sure.toSorted((a, b) => b.confidence - a.confidence).map(statementOf),
    ],
    doubts: findings
      .filter((finding) => finding.confidence < strong)
      .slice(0, mostDoubts)
      .map((finding) => doubtOf(finding, tasks)),
  };
}

function bothParallel({ before, after }: Finding, tasks: readonly ListedTask[], phases: readonly Phase[]): boolean {
  const [first, second] = [tasks[before], tasks[after]];
  return (
    first !== undefined &&
    second !== undefined &&
    first.phaseIndex === second.phaseIndex &&
    saidParallel(first, phases) === true &&
    saidParallel(second, phases) === true
  );
}

function statementOf({ before, after, kind, evidence, source, confidence }: Finding): Statement {
  const side = (task: number): Statement["before"] => ({ tasks: [task], whole: false });
  return { before: side(before), after: side(after), kind, evidence, source, confidence };
}

function doubtOf({ before, after, evidence, source, confidence }: Finding, tasks: readonly ListedTask[]): Doubt {
  return { effect: "before", tasks: [tasks[before]?.id ?? "", tasks[after]?.id ?? ""], evidence, source, confidence };
}
