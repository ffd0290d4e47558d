import { setTimeout as wait } from "node:timers/promises";
import { textOfRegular } from "../../process/readRegular.ts";

/** What a worker's transcript shows of its work. Its form is internal to the client, so every line is read tolerantly. */
export interface Transcript {
  /** `[orchestrate RUN TASK CLAIM]` of its brief, or null for an agent that is not ours. */
  readonly mark: { readonly run: string; readonly task: string; readonly claim: string } | null;
  /** Paths given to tools that write files, as given (absolute, as a rule), each once. */
  readonly edits: readonly string[];
  readonly toolCalls: number;
  readonly ranCommands: boolean;
  /** The worker's newest words. */
  readonly lastText: string;
}

/** Bytes of a transcript; a larger one shows nothing. */
const largest = 256 * 1024 * 1024;

const writers = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);
const markPattern = /\[orchestrate (\S+) (\S+) (\S+)\]/;

/**
 * Reads a transcript once it holds the worker's last words: the client may write it a moment after it calls the hook. After
 * two seconds it is taken as it is; one that cannot be read shows nothing.
 */
export async function readTranscript(path: string, lastMessage: string): Promise<Transcript> {
  for (let tries = 0; ; tries++) {
    const transcript = parseTranscript(textOfRegular(path, { limit: largest }) ?? "");
    if (tries === 40 || transcript.lastText.trim() === lastMessage.trim()) return transcript;
    await wait(50);
  }
}

/** What an agent was told first; null while the transcript does not hold it. */
export function openingOf(text: string): string | null {
  for (const line of text.split("\n")) {
    const message = messageOf(line);
    if (message?.role === "user") return message.texts.join("\n");
  }
  return null;
}

export function parseTranscript(text: string): Transcript {
  const edits = new Map<string, string>();
  let mark: Transcript["mark"] = null;
  let first = true;
  let toolCalls = 0;
  let ranCommands = false;
  let lastText = "";
  for (const line of text.split("\n")) {
    const message = messageOf(line);
    if (message === null) continue;
    // Only the opening message is the brief: what a worker reads or writes later may quote another's mark.
    if (message.role === "user" && first) {
      first = false;
      const found = markPattern.exec(message.texts.join("\n"));
      if (found?.[1] !== undefined && found[2] !== undefined && found[3] !== undefined)
        mark = { run: found[1], task: found[2], claim: found[3] };
    }
    for (const call of message.calls) {
      toolCalls++;
      if (call.name === "Bash") ranCommands = true;
      const file = call.input["file_path"] ?? call.input["notebook_path"];
      if (writers.has(call.name) && typeof file === "string") edits.set(call.id, file);
    }
    if (message.role === "assistant") lastText = message.texts.at(-1) ?? lastText;
    for (const id of message.failed) edits.delete(id);
  }
  return { mark, edits: [...new Set(edits.values())], toolCalls, ranCommands, lastText };
}

interface Message {
  readonly role: unknown;
  readonly texts: readonly string[];
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: Record<string, unknown> }[];
  /** Ids of calls that were denied or went wrong: they changed nothing. */
  readonly failed: readonly string[];
}

function messageOf(line: string): Message | null {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return null;
  }
  const message = isRecord(entry) ? entry["message"] : null;
  if (!isRecord(message)) return null;
  const content = message["content"];
  if (typeof content === "string") return { role: message["role"], texts: [content], calls: [], failed: [] };
  const blocks = Array.isArray(content) ? content.filter(isRecord) : [];
  return {
    role: message["role"],
    texts: blocks.flatMap((block) => (typeof block["text"] === "string" ? [block["text"]] : [])),
    calls: blocks.flatMap((block) =>
      block["type"] === "tool_use" && typeof block["name"] === "string" && isRecord(block["input"])
        ? [{ id: String(block["id"]), name: block["name"], input: block["input"] }]
        : [],
    ),
    failed: blocks.flatMap((block) =>
      block["type"] === "tool_result" && block["is_error"] === true ? [String(block["tool_use_id"])] : [],
    ),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
