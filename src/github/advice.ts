import { isOpen } from "../model/isOpen.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ListedTask } from "../model/task.ts";
import { clip, count, several } from "../text/layout.ts";
import { labelOf } from "./reference.ts";
import type { SnapshotIssue } from "./snapshot.ts";

const example =
  "- [ ] **Add the login endpoint**: create `src/auth/login.ts` and its tests in `test/auth/login.test.ts`; done when a wrong password is refused";

/** The issue says nothing that could be handed out. */
export function noSubTasks(label: string): Diagnostic {
  return {
    severity: "error",
    rule: "no-sub-tasks",
    message: `${label} has no sub-issues, and its body lists no tasks`,
    expected: "sub-issues, or a list under a heading `## Sub-Tasks`",
    fix: `write one row for each part, with its files and how to see that it is done, such as \`${example}\``,
    place: null,
  };
}

const fewWords = 3;
const mostNamed = 5;

/** Open tasks of which nothing is known but a few words. */
export function vagueTasks(tasks: readonly ListedTask[]): Diagnostic[] {
  const vague = tasks.filter(
    (task) =>
      isOpen(task) &&
      task.status !== "needs-input" &&
      task.files.length === 0 &&
      task.body.trim() === "" &&
      task.title.split(/\s+/).length <= fewWords,
  );
  const [first] = vague;
  if (first === undefined) return [];
  const named = vague.map(({ id, title }) => `${id} “${clip(title, 40)}”`);
  return [
    {
      severity: "warning",
      rule: "vague-tasks",
      message: `${count(vague.length, "sub-task")} ${vague.length === 1 ? "says" : "say"} too little to be done without you: ${several(named, mostNamed)}`,
      expected: "what to build, in which files, and how to see that it is done",
      fix: `write them like \`${example}\``,
      place: first.source,
    },
  ];
}

const allow = (author: string): string =>
  `read it on GitHub; then \`--trust ${author}\` uses it this once, and \`issueAuthors\` in .orchestrate.yml always`;

/** The master issue is by somebody who is not on the allow-list: there is no plan without the user's word. */
export function withheldMaster(issue: SnapshotIssue, host: string): Diagnostic {
  return {
    severity: "error",
    rule: "untrusted-author",
    message: `${labelOf({ ...issue, host })} was written by ${issue.author} (${issue.association.toLowerCase()}), who is not on the list of trusted authors: its text is not used`,
    expected: "an issue by an owner, a member or a collaborator of the repository",
    fix: allow(issue.author),
    place: null,
  };
}

/** Parts by such authors stay in the plan, and are not started. */
export function withheldTasks(issues: readonly SnapshotIssue[], host: string): Diagnostic[] {
  return issues.flatMap((issue): Diagnostic[] =>
    issue.withheld && issue.state === "open"
      ? [
          {
            severity: "warning",
            rule: "untrusted-author",
            message: `${labelOf({ ...issue, host })} was written by ${issue.author} (${issue.association.toLowerCase()}), who is not on the list of trusted authors: its text is withheld, and it is not started`,
            fix: allow(issue.author),
            place: null,
          },
        ]
      : [],
  );
}
