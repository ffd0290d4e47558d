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
  readonly agent_transcript_path?: string;
  readonly last_assistant_message?: string;
}

/** What a hook answers; null says nothing at all. */
export type HookAnswer = Readonly<Record<string, unknown>> | null;

export function context(event: string, additionalContext: string): HookAnswer {
  // The client cuts strings at 10,000 characters; what comes first matters most.
  return { hookSpecificOutput: { hookEventName: event, additionalContext: additionalContext.slice(0, 9_900) } };
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

const mark = /^\s*\[orchestrate (\S+) (\S+)\]\s*$/;

/** Run and task that an `Agent` call names, or null for a call that is the person's own business. */
export function markIn(input: HookInput): { run: string; task: string } | null {
  const prompt = input.tool_input?.["prompt"];
  const found = typeof prompt === "string" ? mark.exec(prompt) : null;
  return found?.[1] === undefined || found[2] === undefined ? null : { run: found[1], task: found[2] };
}
