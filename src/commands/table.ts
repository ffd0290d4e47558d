import type { Answer, Command, Invocation, Option } from "./command.ts";

const project: Option = {
  name: "project",
  value: "DIR",
  summary: "the project's folder (by default the one that holds the present folder)",
};
const session: Option = {
  name: "session",
  value: "ID",
  summary: "the client's session (by default the one that its environment names)",
};
const format: Option = {
  name: "format",
  value: "NAME",
  summary: "read the list in this format instead of finding out",
};
const allowing: Option = {
  name: "allow-commands",
  value: "HASH",
  summary: "allow the commands that were shown with this hash (docs/safety.md)",
};
const selecting: readonly Option[] = [
  {
    name: "tasks",
    value: "IDS",
    summary: "only these tasks, such as `1,2,5-8`; what they need must be among them or done",
  },
  { name: "only", value: "IDS", summary: "exactly these tasks; what they need counts as done" },
];
const planning: readonly Option[] = [
  { name: "max-workers", value: "N", summary: "agents that may run at once (1 to 20, by default 5)" },
  ...selecting,
  { name: "parallel", summary: "your word that tasks whose files nobody named may run side by side" },
  format,
  {
    name: "answers",
    value: "ANSWERS",
    summary: "yes or no to the questions of the plan, such as `q1=yes,q2=no`; without one, no",
  },
  {
    name: "trust",
    value: "LOGINS",
    summary: "of an issue: use what these people wrote this once, such as `octocat,hubot` (docs/github.md)",
  },
  project,
];

type Verb = { readonly run: (input: Invocation) => Promise<Answer> };

/** A verb's file is loaded when the verb is used: that is what keeps the start of the helper short. */
function lazily(load: () => Promise<Verb>): Command["run"] {
  return async (input) => (await load()).run(input);
}

/** Every verb of the helper, in the order of the help. The help, the completion and `docs/cli.md` are made from it. */
export const commands: readonly Command[] = [
  {
    name: "plan",
    summary: "Show what would run together, in which order, and why; write nothing",
    usage: "SOURCE…",
    options: [
      { name: "json", summary: "the whole plan as JSON (docs/schema/plan.json)" },
      { name: "mermaid", summary: "the graph as Mermaid text" },
      { name: "why", summary: "every edge and every “not together” with its words and its line" },
      ...planning,
    ],
    examples: [
      { line: "plan examples/rate-limiting/tasks.md", does: "preview a task list" },
      { line: "plan examples/rate-limiting", does: "preview the one list in a folder" },
      { line: "plan - --max-workers 3", does: "preview a list from standard input" },
      { line: "plan examples/rate-limiting/tasks.md --tasks 1-5 --json", does: "a part of it, for programs" },
    ],
    run: lazily(() => import("./plan.ts")),
  },
  {
    name: "explain",
    summary: "Say why B waits for A, or why they may or may not run together",
    usage: "[SOURCE] A B",
    options: planning,
    examples: [{ line: "explain examples/rate-limiting/tasks.md 1 4", does: "how tasks 1 and 4 stand to each other" }],
    run: lazily(() => import("./explain.ts")),
  },
  {
    name: "lint",
    summary: "Say what a person should mend in a task list, and with `--fix` mend what is safe",
    usage: "SOURCE…",
    options: [
      { name: "fix", summary: "write the safe changes into the list first: blanks and states of boxes, nothing else" },
      { name: "json", summary: "what is left to mend as JSON (docs/schema/plan-failure.json)" },
      format,
      project,
    ],
    examples: [{ line: "lint examples/rate-limiting/tasks.md", does: "what could be better in a list (docs/lint.md)" }],
    run: lazily(() => import("./lint.ts")),
  },
  {
    name: "annotate",
    summary: "Write that tasks wait for others into the list itself, in the words of its format",
    usage: "SOURCE TASK…",
    options: [
      { name: "after", value: "IDS", summary: "what these tasks wait for, such as `T003,T005`" },
      format,
      project,
    ],
    examples: [],
    run: lazily(() => import("./annotate.ts")),
  },
  {
    name: "start",
    summary: "Start a run in the session of Claude Code that calls, and say what to launch first",
    usage: "SOURCE…",
    options: [
      {
        name: "expect",
        value: "HASH",
        summary: "refuse any plan but the one that was shown; the first digits are enough",
      },
      ...planning,
      {
        name: "engine",
        value: "NAME",
        summary: "what launches the tasks: `session` (the model, by default) or `workflow` (the client's own engine)",
      },
      allowing,
      session,
    ],
    examples: [],
    run: lazily(() => import("./start.ts")),
  },
  {
    name: "run",
    summary: "Run a list, or a plan made of one, with headless workers in worktrees of their own",
    usage: "SOURCE…|PLAN.json",
    options: [
      {
        name: "expect",
        value: "HASH",
        summary: "refuse any plan but the one that was shown; the first digits are enough",
      },
      { name: "dry-run", summary: "the preview alone: write nothing, launch nothing" },
      { name: "why", summary: "with --dry-run: every edge and every “not together” with its words and its line" },
      { name: "timeout", value: "SECONDS", summary: "what one worker may take in all (by default 3600)" },
      { name: "detach", summary: "run in the background; `watch` shows it" },
      allowing,
      ...planning,
    ],
    examples: [
      {
        line: "run examples/rate-limiting/tasks.md --dry-run",
        does: "what would run, with a worktree for every worker",
      },
    ],
    run: lazily(() => import("./run.ts")),
  },
  {
    name: "demo",
    summary: "Show a whole run with scripted workers in a throw-away repository: no account, no network",
    usage: "",
    options: [
      { name: "keep", summary: "leave the repository where it is, and say where" },
      { name: "fast", summary: "without the pauses of the workers" },
    ],
    examples: [{ line: "demo", does: "half a minute in which most things happen that can" }],
    run: lazily(() => import("./demo.ts")),
  },
  {
    name: "status",
    summary: "Show what is done, running and next, and why the rest waits",
    usage: "",
    options: [{ name: "json", summary: "the same for programs (docs/schema/status.json)" }, project],
    examples: [],
    run: lazily(() => import("./status.ts")),
  },
  {
    name: "watch",
    summary: "Show the run while it goes on: in place in a terminal, else a line for each event",
    usage: "",
    options: [{ name: "once", summary: "one picture, and no more" }, project],
    examples: [],
    run: lazily(() => import("./watch.ts")),
  },
  {
    name: "inbox",
    summary: "Show what waits for you, oldest first, and what to type",
    usage: "",
    options: [project],
    examples: [],
    run: lazily(() => import("./inbox.ts")),
  },
  {
    name: "pause",
    summary: "Launch nothing more in a headless run until `resume`; what runs goes on",
    usage: "",
    options: [project],
    examples: [],
    run: lazily(() => import("./pause.ts")),
  },
  {
    name: "stop",
    summary: "Launch nothing more until the run is resumed; with a task, end that one of a headless run for good",
    usage: "[TASK]",
    options: [project],
    examples: [],
    run: lazily(() => import("./stop.ts")),
  },
  {
    name: "resume",
    summary:
      "Go on with the newest run, or the one named, after a stop, a pause or a crash, with the engine that it has or with the other one",
    usage: "[RUN]",
    options: [
      {
        name: "engine",
        value: "NAME",
        summary: "`session` (the session that calls) or `headless`; by default as before",
      },
      { name: "detach", summary: "headless: in the background" },
      { name: "max-workers", value: "N", summary: "headless: workers that may run at once from now on (1 to 20)" },
      { name: "timeout", value: "SECONDS", summary: "headless: what one worker may take in all from now on" },
      {
        name: "take-over",
        summary: "headless: from a supervisor on a machine that is gone, or has another name now",
      },
      allowing,
      project,
      session,
    ],
    examples: [],
    run: lazily(() => import("./resume.ts")),
  },
  {
    name: "retry",
    summary: "Run failed tasks again, with the evidence of what went wrong",
    usage: "[TASK…]",
    options: [project],
    examples: [],
    run: lazily(() => import("./retry.ts")),
  },
  {
    name: "answer",
    summary: "Give a task the answer it stopped for",
    usage: "TASK TEXT…",
    options: [project],
    examples: [],
    run: lazily(() => import("./answer.ts")),
  },
  {
    name: "logs",
    summary:
      "Show what happened, event by event, to one task or to all; of a headless task also what its worker printed",
    usage: "[TASK]",
    options: [
      { name: "follow", short: "f", summary: "go on with what happens from now on, until the task or the run ends" },
      project,
    ],
    examples: [],
    run: lazily(() => import("./logs.ts")),
  },
  {
    name: "metrics",
    summary: "Measure runs: speed-up, overhead, use of workers, success, rework, cost (docs/metrics.md)",
    usage: "[RUN…]",
    options: [
      { name: "all", summary: "all runs of the project, by month" },
      { name: "json", summary: "the same for programs (docs/schema/metrics.json)" },
      project,
    ],
    examples: [],
    run: lazily(() => import("./metrics.ts")),
  },
  {
    name: "doctor",
    summary: "Look at what headless runs need on this machine: git, the client and its login, disk, memory, processors",
    usage: "",
    options: [{ name: "json", summary: "the same for programs (docs/schema/doctor.json)" }, project],
    examples: [],
    run: lazily(() => import("./doctor.ts")),
  },
  {
    name: "next",
    summary: "Say how the run stands and what to launch now",
    usage: "",
    options: [project],
    examples: [],
    run: lazily(() => import("./next.ts")),
  },
  {
    name: "todo",
    summary: "Print the calls that bring the session's todo list in step with the run",
    usage: "[TodoWrite|TaskCreate]",
    options: [project],
    examples: [],
    run: lazily(() => import("./todo.ts")),
  },
  {
    name: "brief",
    summary: "Claim a task for a worker of the workflow engine and print its brief",
    usage: "TASK",
    options: [
      { name: "claim", value: "NAME", summary: "the name that the workflow's script gave the worker" },
      project,
    ],
    examples: [],
    internal: true,
    run: lazily(() => import("./brief.ts")),
  },
  {
    name: "merge",
    summary: "Hand the merged work of a headless run, by default the newest, over to a branch of yours",
    usage: "[RUN]",
    options: [
      { name: "into", value: "BRANCH", summary: "where to; it must not be checked out" },
      {
        name: "as",
        value: "FORM",
        summary:
          "`merge` (one merge, by default), `branches` (one for each task) or `stack` (each task on the one before)",
      },
      project,
    ],
    examples: [],
    run: lazily(() => import("./merge.ts")),
  },
  {
    name: "clean",
    summary: "Remove worktrees and branches of headless runs whose work is in a branch of yours",
    usage: "[RUN…]",
    options: [{ name: "dry-run", summary: "say what would be removed, and remove nothing" }, project],
    examples: [],
    run: lazily(() => import("./clean.ts")),
  },
  {
    name: "completion",
    summary: "Print a completion script for a shell",
    usage: "bash|zsh|fish",
    options: [],
    examples: [{ line: "completion bash", does: "the script for bash; load it with `source <(…)`" }],
    run: lazily(() => import("./completion.ts")),
  },
  {
    name: "help",
    summary: "Show all commands, or one of them",
    usage: "[COMMAND]",
    options: [],
    examples: [{ line: "help plan", does: "what `plan` takes" }],
    run: lazily(() => import("./help.ts")),
  },
  {
    name: "supervise",
    summary: "Supervise a headless run that was started with `--detach`",
    usage: "RUN",
    options: [project],
    examples: [],
    internal: true,
    run: lazily(() => import("./supervise.ts")),
  },
  {
    name: "keep",
    summary: "Stand over one headless worker: its time limits, its log, its end",
    usage: "FOLDER",
    options: [],
    examples: [],
    internal: true,
    run: lazily(() => import("./keep.ts")),
  },
  {
    name: "act",
    summary: "Work as the scripted worker that `demo` starts",
    usage: "",
    options: [{ name: "fast", summary: "without pauses" }],
    examples: [],
    internal: true,
    run: lazily(() => import("./act.ts")),
  },
  {
    name: "request",
    summary: "Answer what a person typed after a slash command; exits 0 whatever it was",
    usage: "[-]",
    options: [
      {
        name: "headless",
        summary: "asked for by `/parallel-orchestrate`: a new run is a headless one",
      },
      session,
      project,
    ],
    examples: [],
    internal: true,
    run: lazily(() => import("./request.ts")),
  },
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}
