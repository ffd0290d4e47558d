import { join } from "node:path";
import { isSupervised } from "../headless/effects/orphans.ts";
import { readRegular } from "../../process/readRegular.ts";
import { makeUserState, userStateFolder } from "../../process/userState.ts";
import { writeAtomic } from "../../process/writeAtomic.ts";
import type { Current } from "../../run/current.ts";
import { closeRun, openRun, type Run } from "../../run/store.ts";
import { oneLine } from "../../text/oneLine.ts";
import { context, tellPerson, type HookAnswer, type HookInput } from "./hookInput.ts";

/**
 * What a session is told of a headless run of its project: at its start that there is one, and later, once, that it ended,
 * stopped or waits for the person. The run itself is its supervisor's business: nothing is launched or recorded here.
 */
export function onHeadless(input: HookInput, project: string, current: Current): HookAnswer {
  if (input.source === "compact") return null;
  const opened = openRun(project, current.run);
  if (!opened.ok) return null;
  const run = opened.value;
  const begins = input.hook_event_name === "SessionStart";
  const standing = standingOf(run);
  const key = `${run.state.run} ${standing.key}`;
  if (standing.key === "running" ? !begins : lastTold(input.session_id) === key) return null;
  noteTold(input.session_id, key);
  // The end is told once; from then on the hooks are silent again.
  if (run.state.finished !== null) closeRun(run);
  const line = `Orchestrate: headless run ${run.state.run} ${standing.text}`;
  // At the end of a turn, words for the model would begin another one.
  if (input.hook_event_name === "Stop") return tellPerson(line);
  return tellPerson(
    line,
    context(input.hook_event_name, `${line}\nThe person has been shown this line. Launch nothing for it.`),
  );
}

function standingOf(run: Run): { readonly key: string; readonly text: string } {
  const { state } = run;
  const tasks = [...state.tasks];
  const merged = `${tasks.filter(([, { status }]) => status === "merged").length} of ${tasks.length} tasks merged`;
  if (state.finished === true)
    return {
      key: "finished",
      text: `is finished: ${merged}. /orchestrate merge --into BRANCH brings them to a branch of yours.`,
    };
  if (state.finished === false)
    return {
      key: "finished",
      text: `is finished, and not everything is done: ${merged}. /orchestrate inbox shows what is left.`,
    };
  if (state.stopped !== null)
    return {
      key: `stopped ${run.events.length}`,
      text: `is stopped (${oneLine(state.stopped, 200)}): ${merged}. /orchestrate resume goes on with it.`,
    };
  if (!isSupervised(run))
    return {
      key: "unsupervised",
      text: `has no supervisor any more: ${merged}. /orchestrate resume goes on with it.`,
    };
  const waiting = tasks.filter(([, { status }]) => ["needs-input", "conflicted"].includes(status)).map(([id]) => id);
  if (waiting.length > 0)
    return {
      key: `waiting ${waiting.join(" ")}`,
      text: `waits for you with ${waiting.join(", ")}. /orchestrate inbox shows what for.`,
    };
  return { key: "running", text: `is at work: ${merged}. /orchestrate status shows it.` };
}

const folderName = "told";

function lastTold(session: string): string | null {
  if (!/^[\w-]{1,100}$/.test(session)) return null;
  const read = readRegular(join(userStateFolder(), folderName, session), { follow: false });
  return read.ok ? read.bytes.toString("utf8") : null;
}

/** Where that cannot be written the line may come twice. */
function noteTold(session: string, key: string): void {
  if (!/^[\w-]{1,100}$/.test(session)) return;
  try {
    writeAtomic(join(makeUserState(folderName), session), key);
  } catch {
    return;
  }
}
