import * as z from "zod";
import { once } from "./once.ts";

/** The options that `.orchestrate.yml`, a list's front matter and the command line set alike. Later ones win in that order. */
export const configInput = once(() =>
  z
    .strictObject({
      maxWorkers: z.int().min(1).max(20).describe("agents that may run at once (the client's own cap is 20)"),
      parallel: z.boolean().describe("a person's word that tasks whose files nobody named may run side by side"),
      verify: z
        .array(z.string().min(1))
        .describe("commands for the whole tree, run when no task is in the middle of an edit"),
      checkTimeout: z.number().positive().max(3600).describe("seconds that one check may take"),
      sendBacks: z.int().min(0).max(5).describe("times a worker is sent back with a reason before its task fails"),
      model: z.string().min(1).describe("model of every worker whose task names none"),
      effort: z
        .enum(["low", "medium", "high", "xhigh", "max"])
        .describe("effort of every worker whose task names none"),
      agent: z.string().min(1).describe("agent type of every worker whose task names none"),
      estimate: z.number().positive().describe("minutes of a task that states none and whose size says nothing"),
      resources: z
        .record(z.string(), z.int().min(1))
        .describe("how many tasks may use a named resource at once (1 when not listed)"),
      resourceRules: z
        .record(z.string().min(1), z.string().min(1))
        .describe("which resource a task uses whose files meet a glob or a path, or whose title has the word"),
      timeout: z.number().positive().max(86_400).describe("seconds that one headless worker may take in all"),
      idleTimeout: z.number().positive().max(86_400).describe("seconds that a headless worker may print nothing"),
      startTimeout: z
        .number()
        .positive()
        .max(3600)
        .describe("seconds until a headless worker must have printed something"),
      restarts: z
        .int()
        .min(0)
        .max(20)
        .describe("times a headless worker that crashed, hung or said nothing is restarted"),
      budgetPerTask: z.number().positive().describe("dollars that the headless workers of one task may cost"),
      budgetPerRun: z
        .number()
        .positive()
        .describe("dollars that a headless run may cost; no worker is launched that could go beyond it"),
      successThreshold: z
        .number()
        .min(0)
        .max(1)
        .describe("share of tasks that must still be able to succeed; below it a headless run ends early"),
      adaptive: z
        .boolean()
        .describe("fewer headless workers while the machine is short of memory or processors, or after a rate limit"),
      permissionMode: z
        .enum(["default", "acceptEdits", "auto", "dontAsk", "bypassPermissions"])
        .describe("permission mode of headless workers"),
      allowedTools: z
        .array(z.string().regex(/^[^-]/, "a tool rule does not begin with a dash"))
        .describe("tools that headless workers may use without asking, such as `Bash(pnpm test *)`"),
      worker: z
        .strictObject({
          command: z.array(z.string().min(1)).min(1).optional().describe("program and its arguments"),
          env: z
            .array(
              z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable"),
              "a list of names of variables, such as [NPM_TOKEN]; their values are passed on from your environment",
            )
            .optional(),
        })
        .describe(
          "`command`: any program as headless worker, with the brief on its standard input; `env`: names of more variables of your environment that are passed on to workers, such as `[NPM_TOKEN]`",
        ),
      setup: z.array(z.string().min(1)).describe("commands that prepare a new worktree, such as `pnpm install`"),
      freshTrees: z
        .boolean()
        .describe(
          "a new worktree for every headless task; else one whose task is merged is used again, with what git ignores in it",
        ),
      straying: z
        .enum(["report", "refuse"])
        .describe("what becomes of headless work outside its task's files: reported, or not merged"),
      conflicts: z
        .enum(["resolver", "person"])
        .describe("who resolves a merge conflict: the task's worker is sent at it first, or only a person"),
      reviewer: z
        .strictObject({
          command: z.array(z.string().min(1)).min(1).optional(),
          model: z.string().min(1).optional(),
          agent: z.string().min(1).optional(),
        })
        .describe("another agent that reads the work of each headless task before it is merged"),
      notify: z
        .string()
        .min(1)
        .describe(
          "command that is run when a person is needed and at the end, with the news as JSON on its standard input",
        ),
      issueAuthors: z
        .array(
          z
            .string()
            .regex(
              /^(?:owner|member|collaborator|contributor|first_time_contributor|first_timer|mannequin|none|@[A-Za-z0-9-]+(?:\[bot\])?)$/,
              "`owner`, `member`, `collaborator`, `contributor`, `none`, or a login such as `@octocat`",
            ),
        )
        .describe(
          "whose issues on GitHub may become part of a brief: relations to the repository, and logins such as `@octocat` (by default `[owner, member, collaborator]`)",
        ),
      dollarsPerMillionTokens: z.number().positive().describe("your price, for a forecast in dollars"),
      hot: z
        .record(z.string().min(1), z.union([z.literal("off"), z.array(z.string().min(1))]))
        .describe(
          "`off` for a class of hot files that are no trouble here; globs add to a class, or make one of another name",
        ),
    })
    .partial(),
);
export type ConfigInput = z.infer<ReturnType<typeof configInput>>;

/** Every option with its value in force. */
export const config = once(() => {
  const { maxWorkers, resourceRules, hot, permissionMode, straying, conflicts, worker } = configInput().shape;
  return configInput().extend({
    maxWorkers: maxWorkers.unwrap(),
    parallel: z.boolean(),
    verify: z.array(z.string()),
    checkTimeout: z.number(),
    sendBacks: z.int(),
    estimate: z.number(),
    resources: z.record(z.string(), z.int()),
    resourceRules: resourceRules.unwrap(),
    hot: hot.unwrap(),
    timeout: z.number(),
    idleTimeout: z.number(),
    startTimeout: z.number(),
    restarts: z.int(),
    successThreshold: z.number(),
    adaptive: z.boolean(),
    permissionMode: permissionMode.unwrap(),
    allowedTools: z.array(z.string()),
    worker: worker.unwrap(),
    setup: z.array(z.string()),
    freshTrees: z.boolean(),
    straying: straying.unwrap(),
    conflicts: conflicts.unwrap(),
  });
});
export type Config = z.infer<ReturnType<typeof config>>;

export const defaultConfig: Config = {
  maxWorkers: 5,
  parallel: false,
  verify: [],
  checkTimeout: 300,
  sendBacks: 2,
  estimate: 15,
  resources: {},
  resourceRules: {},
  hot: {},
  timeout: 3600,
  idleTimeout: 900,
  startTimeout: 180,
  restarts: 3,
  successThreshold: 0.8,
  adaptive: false,
  permissionMode: "acceptEdits",
  allowedTools: [],
  worker: {},
  setup: [],
  freshTrees: false,
  straying: "report",
  conflicts: "resolver",
};
