import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { textOfRegular } from "../../process/readRegular.ts";
import { brief, markOf } from "../../run/brief.ts";
import { openRun, type Run } from "../../run/store.ts";
import { newFence } from "../../text/fence.ts";
import { context, type HookAnswer, type HookInput } from "./hookInput.ts";
import { openingOf } from "./transcript.ts";

/** A task that an agent works on, and the claim under which it was launched. */
interface Launch {
  readonly task: string;
  readonly claim: string;
}

/** The client cuts strings of hooks at 10,000 characters. */
const mostContext = 9_500;

/**
 * Answers the start of an agent of ours that did not get its brief. Another plugin's hook on `Agent` that answers
 * `updatedInput` too races ours, and the slower answer wins: the agent then starts with the bare mark of the launch. Its
 * brief is added here, where nobody else can replace it. Says nothing to an agent that has it.
 */
export async function onWorkerStart(run: Run, input: HookInput): Promise<HookAnswer> {
  const files = filesOf(input);
  let launch: Launch | null = null;
  let opening: string | null = null;
  // The client writes these files at about the time that it calls the hook.
  for (let tries = 0; tries < 40; tries++) {
    const call = callIn(files.meta);
    launch = launchOf(run, call, input.agent_id);
    if (call !== null && launch === null) return null;
    opening = openingOf(textOfRegular(files.transcript) ?? "");
    if (launch !== null && opening !== null) break;
    await wait(50);
  }
  const opened = openRun(run.project, run.state.run);
  const newest = opened.ok ? opened.value : run;
  launch ??= launchOf(newest, null, input.agent_id);
  if (launch === null) return null;
  const { task, claim } = launch;
  if (opening?.includes(markOf(run.state.run, task, claim)) === true) return null;
  const text = brief(newest.index, newest.state, task, claim, newFence());
  const lead = "Another plugin replaced the prompt that you were to get. This is your brief:";
  if (lead.length + text.length < mostContext) return context("SubagentStart", `${lead}\n${text}`);
  const path = join(run.folder, "briefs", `${task}.md`);
  mkdirSync(join(run.folder, "briefs"), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  return context(
    "SubagentStart",
    `Another plugin replaced the prompt that you were to get. Read your brief first, and do what it says: ${path}`,
  );
}

/** The task of an agent without a brief, by the call that launched it or by the id that the client gave it. */
export function launchOfAgent(run: Run, input: HookInput): Launch | null {
  return launchOf(run, callIn(filesOf(input).meta), input.agent_id);
}

function launchOf(run: Run, call: string | null, agent: string | undefined): Launch | null {
  for (const [task, state] of run.state.tasks) {
    if (state.claim === null) continue;
    if (state.claim === call || (agent !== undefined && state.agent === agent)) return { task, claim: state.claim };
  }
  return null;
}

/** Where the client keeps an agent's transcript, and beside it what it knows of its launch. Internal to the client: read tolerantly. */
function filesOf(input: HookInput): { readonly transcript: string; readonly meta: string } {
  const own = (input.transcript_path ?? "").replace(/\.jsonl$/, "");
  const agent = /^[\w-]+$/.test(input.agent_id ?? "") ? (input.agent_id ?? "") : "none";
  const transcript = input.agent_transcript_path ?? join(own, "subagents", `agent-${agent}.jsonl`);
  return { transcript, meta: transcript.replace(/\.jsonl$/, ".meta.json") };
}

/** The id of the `Agent` call that launched an agent; null where that cannot be read. */
function callIn(meta: string): string | null {
  try {
    const said: unknown = JSON.parse(textOfRegular(meta) ?? "null");
    const call = typeof said === "object" && said !== null && "toolUseId" in said ? said.toolUseId : null;
    return typeof call === "string" ? call : null;
  } catch {
    return null;
  }
}
