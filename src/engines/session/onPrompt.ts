import { markOf } from "../../run/brief.ts";
import { context, tellPerson, type HookAnswer, type HookInput } from "./hookInput.ts";
import { news } from "./news.ts";
import { reconcile } from "../../run/reconcile.ts";
import { workflowName } from "./workflow.ts";
import { closeRun, now, record, type Run } from "../../run/store.ts";

/**
 * Answers a new turn of the session that has the run: a notification that an agent ended, or the person's own words. Tells the model
 * how the run stands and what to launch next. Two notifications may share one turn; each answer is right on its own.
 */
export function onPrompt(run: Run, input: HookInput): HookAnswer {
  const prompt = input.prompt ?? "";
  if (run.state.engine === "workflow" && workflowEnded(run, prompt)) {
    const left = reconcile(run, () => true, "the workflow ended while it ran");
    return tell(record(left, [{ type: "handed-back", at: now() }]));
  }
  const ended = endedIn(prompt);
  const counted = ended === null ? run : measure(run, ended);
  const known =
    ended === null
      ? counted
      : reconcile(
          counted,
          (agent, task) => agent === ended.agent || counted.state.tasks.get(task)?.claim === ended.call,
          `its agent ended (${ended.status}) without a report`,
        );
  return tell(known);
}

/** Whether a turn was begun by the client's word that an agent ended. */
export function isNotification(input: HookInput): boolean {
  return (input.prompt ?? "").trimStart().startsWith("<task-notification>");
}

/** Counts a worker of which the client tells after the end of the run was told; there is nothing more to say. */
export function onLateNotification(run: Run, input: HookInput): HookAnswer {
  const ended = endedIn(input.prompt ?? "");
  if (ended !== null) measure(run, ended);
  return null;
}

function tell(run: Run): HookAnswer {
  // The end is told once; from then on the hooks are silent again.
  if (run.state.finished !== null) closeRun(run);
  return context("UserPromptSubmit", `${news(run)}\nThis is the newest state; it replaces any earlier one.`);
}

function workflowEnded(run: Run, prompt: string): boolean {
  return prompt.trimStart().startsWith("<task-notification>") && prompt.includes(`"${workflowName(run.state.run)}"`);
}

/** Remembers what the client counted for the worker: forecasts of later plans rest on it. */
function measure(run: Run, { agent, tokens }: Ended): Run {
  const task = [...run.state.tasks].find(([, state]) => state.agent === agent)?.[0];
  return task === undefined || tokens === 0 ? run : record(run, [{ type: "measured", at: now(), task, tokens }]);
}

interface Ended {
  readonly agent: string;
  readonly call: string;
  readonly status: string;
  readonly tokens: number;
}

/** Which agent a notification speaks of. An agent that stopped properly was judged before it came. */
function endedIn(prompt: string): Ended | null {
  if (!prompt.trimStart().startsWith("<task-notification>")) return null;
  const field = (name: string): string => {
    const from = prompt.indexOf(`<${name}>`);
    const to = prompt.indexOf(`</${name}>`, from);
    return from === -1 || to === -1 ? "" : prompt.slice(from + name.length + 2, to);
  };
  const agent = field("task-id");
  return agent === ""
    ? null
    : {
        agent,
        call: field("tool-use-id"),
        status: field("status").slice(0, 40),
        tokens: Number(/^\d{1,12}$/.exec(field("subagent_tokens"))?.[0] ?? 0),
      };
}

/** Remembers which agent has which task, so that its end can be told from another's. */
export function onAgentLaunched(run: Run, input: HookInput): HookAnswer {
  const response = input.tool_response;
  const agent = typeof response === "object" && response !== null && "agentId" in response ? response.agentId : null;
  const [task, own] =
    [...run.state.tasks].find(([, state]) => state.claim !== null && state.claim === input.tool_use_id) ?? [];
  if (typeof agent !== "string" || task === undefined) return null;
  const prompt = input.tool_input?.["prompt"];
  const isOurs = typeof prompt !== "string" || prompt.startsWith(markOf(run.state.run, task, own?.claim ?? ""));
  const known = run.events.some((event) => event.type === "launched" && event.replaced === true);
  record(run, [{ type: "launched", at: now(), task, agent, ...(isOurs ? {} : { replaced: true }) }]);
  return isOurs || known
    ? null
    : tellPerson(
        "Orchestrate: a PreToolUse hook of another plugin replaced what an agent was launched with (it answers `updatedInput` for Agent, as Orchestrate does, and the slower answer wins). The agents get their briefs in another way, but agent type, model and effort may not be those of the plan. Switch that hook off while a run goes on.",
      );
}

/** The client refused a launch that we allowed (an agent type it does not have, its own cap): the claim is given back. */
export function onAgentRefused(run: Run, input: HookInput): HookAnswer {
  const known = reconcile(
    run,
    (_, task) => run.state.tasks.get(task)?.claim === input.tool_use_id,
    `the client did not launch it: ${(input.error ?? "").slice(0, 300)}`,
  );
  return known === run ? null : context("PostToolUseFailure", news(known));
}
