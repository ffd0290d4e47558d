/** Tools by which a worker would start agents, plans or work of its own that nobody here would see or end. */
const forbidden =
  "Agent,Task,Workflow,SendMessage,TeamCreate,RemoteTrigger,ScheduleWakeup,Monitor,CronCreate,CronDelete,CronList," +
  "EnterWorktree,ExitWorktree,AskUserQuestion,EnterPlanMode,ExitPlanMode";

export interface ClaudeOptions {
  /** `claude` when not given. */
  readonly program?: string;
  readonly model: string | null;
  readonly effort: string | null;
  readonly agent: string | null;
  readonly permissionMode: string;
  /** Rules as the client writes them, as in `Bash(npm test *)`. */
  readonly allowedTools: readonly string[];
  /** The session to go on with, or null for a new one. */
  readonly resume: string | null;
  /** The most that this attempt may cost, or null. */
  readonly dollars: number | null;
}

/**
 * The command line of one worker. Its prompt is not in it: that goes to standard input. A value that the client would take
 * for an option or for several values is refused, with a sentence that says which.
 */
export function claudeCommand(
  options: ClaudeOptions,
): { readonly ok: true; readonly command: string[] } | { readonly ok: false; readonly reason: string } {
  const { program = "claude", model, effort, agent, permissionMode, allowedTools, resume, dollars } = options;
  const named = { program, model, effort, agent, permissionMode, resume };
  for (const [name, value] of Object.entries(named)) {
    if (value === null || /^[^-\s][^\r\n\0]*$/.test(value)) continue;
    return refuse(name, value, "a value of one line that does not begin with `-`");
  }
  // In one argument, where a comma parts them: a comma inside parentheses belongs to its rule.
  const tool = allowedTools.find((rule) => !/^[A-Za-z_*][\w*:.-]*(?:\([^()\r\n\0]*\))?$/.test(rule));
  if (tool !== undefined) return refuse("allowedTools", tool, "a rule such as `Edit` or `Bash(npm test *)`");
  if (dollars !== null && !(Number.isFinite(dollars) && dollars > 0))
    return refuse("dollars", String(dollars), "a positive number");
  const option = (name: string, value: string | null): string[] => (value === null ? [] : [`${name}=${value}`]);
  return {
    ok: true,
    command: [
      program,
      "-p",
      "--output-format=stream-json",
      "--verbose",
      `--permission-mode=${permissionMode}`,
      ...(allowedTools.length === 0 ? [] : [`--allowedTools=${allowedTools.join(",")}`]),
      `--disallowedTools=${forbidden}`,
      ...option("--model", model),
      ...option("--effort", effort),
      ...option("--agent", agent),
      ...option("--max-budget-usd", dollars === null ? null : String(dollars)),
      ...option("--resume", resume),
    ],
  };
}

function refuse(name: string, value: string, expected: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: `${name} of a worker is ${JSON.stringify(value.slice(0, 100))}, expected ${expected}` };
}
