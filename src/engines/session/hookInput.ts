/** The fields of the client's hook inputs that we read; each is absent for the events that do not have it. */
export interface HookInput {
  readonly hook_event_name: string;
  readonly session_id: string;
  readonly cwd: string;
  readonly source?: string;
  readonly prompt?: string;
  readonly command_name?: string;
  readonly command_args?: string;
  readonly tool_use_id?: string;
  readonly tool_name?: string;
  readonly tool_input?: Readonly<Record<string, unknown>>;
  readonly tool_response?: unknown;
  readonly error?: string;
  readonly agent_id?: string;
  readonly transcript_path?: string;
  readonly agent_transcript_path?: string;
  readonly last_assistant_message?: string;
}

/** What a hook answers; null says nothing at all. */
export type HookAnswer = Readonly<Record<string, unknown>> | null;

export function context(event: string, additionalContext: string): HookAnswer {
  // The client cuts strings at 10,000 characters; what comes first matters most.
  return { hookSpecificOutput: { hookEventName: event, additionalContext: additionalContext.slice(0, 9_900) } };
}

/** A line for the person; the model does not see it. */
export function tellPerson(systemMessage: string, answer: HookAnswer = null): HookAnswer {
  return { ...answer, systemMessage };
}

export function deny(reason: string): HookAnswer {
  return {
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "deny", permissionDecisionReason: reason },
  };
}

export function allow(updatedInput?: Readonly<Record<string, unknown>>): HookAnswer {
  return {
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: "allow",
      ...(updatedInput === undefined ? {} : { updatedInput }),
    },
  };
}

const mark = /^\s*\[orchestrate (\S+) ([^\s\]]+)([^\]]*)\]([^]*)$/;

/** Run and task that an `Agent` call names, or null for a call that is the person's own business. */
export interface Marked {
  readonly run: string;
  readonly task: string;
  /** Whether the prompt is the mark and nothing else: words beside it would be lost when the brief takes its place. */
  readonly alone: boolean;
}

export function markIn(input: HookInput): Marked | null {
  const prompt = input.tool_input?.["prompt"];
  const [, run, task, inside = "", behind = ""] = (typeof prompt === "string" ? mark.exec(prompt) : null) ?? [];
  if (run === undefined || task === undefined) return null;
  return { run, task, alone: inside.trim() === "" && behind.trim() === "" };
}
