import type { HookAnswer, HookInput } from "./hookInput.ts";
import { readCurrent } from "../../run/current.ts";
import { onAgentCall } from "./onAgentCall.ts";
import { isNotification, onAgentLaunched, onAgentRefused, onLateNotification, onPrompt } from "./onPrompt.ts";
import { onSessionStart, onStop } from "./onSession.ts";
import { onTodoCall, onTodoDone } from "./onTodo.ts";
import { onWorkerStart } from "./onWorkerStart.ts";
import { onWorkerStop } from "./onWorkerStop.ts";
import { openRun, type Run } from "../../run/store.ts";
import { readTranscript } from "./transcript.ts";

/** Answers a hook for a run of `project`, which may be closed or gone. `client` is the process number of the client. */
export async function answerForRun(input: HookInput, project: string, client: number): Promise<HookAnswer> {
  // After the end, when the run is closed already, the todo list is brought in step once more and late workers are counted.
  const late = /^(?:TodoWrite|Task)/.test(input.tool_name ?? "") || isNotification(input);
  const run = openedRun(project, late);
  if (input.hook_event_name === "PreToolUse" && input.tool_name === "Agent") return onAgentCall(run, input, client);
  if (run === null) return null;
  if (input.hook_event_name === "SessionStart") return onSessionStart(run, input);
  // A worker's stop is told by its claim; everything else is the business of the session that has the run.
  if (input.hook_event_name === "SubagentStop") {
    const transcript = await readTranscript(input.agent_transcript_path ?? "", input.last_assistant_message ?? "");
    // Read anew: others may have written to the journal while the transcript was waited for.
    return onWorkerStop(openedRun(project, false) ?? run, input, transcript);
  }
  if (run.state.session !== null && run.state.session !== input.session_id) return null;
  if (input.hook_event_name === "SubagentStart")
    return run.state.engine === "workflow" ? null : onWorkerStart(run, input);
  switch (`${input.hook_event_name} ${input.tool_name ?? ""}`.trim()) {
    case "UserPromptSubmit":
      return readCurrent(project)?.open === true ? onPrompt(run, input) : onLateNotification(run, input);
    case "Stop":
      return onStop(run);
    case "PostToolUse Agent":
      return onAgentLaunched(run, input);
    case "PostToolUseFailure Agent":
      return onAgentRefused(run, input);
    case "PreToolUse TodoWrite":
    case "PreToolUse TaskCreate":
      return onTodoCall(run, input);
    case "PostToolUse TaskCreate":
    case "PostToolUse TaskUpdate":
      return onTodoDone(run, input);
    default:
      return null;
  }
}

function openedRun(project: string, closedToo: boolean): Run | null {
  const current = readCurrent(project);
  if (current === null || !(current.open || closedToo)) return null;
  const run = openRun(project, current.run);
  if (!run.ok) throw new Error(run.diagnostics.map((one) => `${one.place?.file ?? ""}: ${one.message}`).join("; "));
  return run.value;
}
