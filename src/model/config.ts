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
  const { maxWorkers, resourceRules, hot } = configInput().shape;
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
};
