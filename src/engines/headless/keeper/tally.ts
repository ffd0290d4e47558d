import { saysLimit } from "./usageLimit.ts";
import type { Result, Retry, StreamEvent } from "./protocol.ts";

/** What a worker's stream has shown so far. Changed in place by `count`. */
export interface Tally {
  session: string | null;
  turns: number;
  toolCalls: number;
  lastTool: string | null;
  tokens: number | null;
  dollars: number | null;
  ranCommands: boolean;
  denials: readonly string[];
  /** The last result, as long as no work followed it. */
  result: Result | null;
  /** Words of the last result, whatever followed. */
  text: string;
  /** Work that the client left running beside the conversation, and will come back to. */
  background: number;
  /** Set while the client waits to ask the model again. */
  retry: Retry | null;
  /** Seconds since 1970 when the service takes requests again, once it said so while refusing one. */
  resetsAt: number | null;
  /** The service refused a request because of a limit, and nothing came from the model since. */
  refused: boolean;
  /** The message whose turn and tokens were counted last. */
  message: { id: string; tokens: number } | null;
}

const shells = new Set(["Bash", "PowerShell"]);

export function emptyTally(): Tally {
  return {
    session: null,
    turns: 0,
    toolCalls: 0,
    lastTool: null,
    tokens: null,
    dollars: null,
    ranCommands: false,
    denials: [],
    result: null,
    text: "",
    background: 0,
    retry: null,
    resetsAt: null,
    refused: false,
    message: null,
  };
}

/** Takes one event into the tally. */
export function count(tally: Tally, event: StreamEvent): void {
  switch (event.type) {
    case "init":
      tally.session = event.session ?? tally.session;
      // Every turn begins with one: something in the background has ended, and the client goes on.
      tally.result = null;
      return;
    case "retry":
      tally.retry = event;
      return;
    case "limit":
      if (event.rejected) tally.resetsAt = event.resetsAt ?? tally.resetsAt;
      tally.refused = event.rejected;
      return;
    case "background":
      tally.background = event.tasks;
      return;
    case "said":
      tally.retry = null;
      tally.result = null;
      if (event.isError) {
        tally.refused ||= saysLimit(event.error);
        return;
      }
      tally.refused = false;
      countMessage(tally, event.id, event.tokens);
      for (const call of event.calls) {
        tally.toolCalls++;
        tally.lastTool = call.name;
        if (shells.has(call.name)) tally.ranCommands = true;
      }
      return;
    case "results":
      tally.result = null;
      return;
    case "result":
      tally.retry = null;
      tally.result = event;
      tally.text = event.text;
      tally.session = event.session ?? tally.session;
      tally.dollars = event.dollars ?? tally.dollars;
      tally.tokens = event.tokens ?? tally.tokens;
      tally.denials = [...new Set([...tally.denials, ...event.denials])].slice(0, 100);
      return;
    case "other":
      return;
  }
}

/** The parts of one message repeat its usage: the newest counts, once. */
function countMessage(tally: Tally, id: string | null, tokens: number): void {
  const isSame = id !== null && tally.message?.id === id;
  if (!isSame) tally.turns++;
  tally.tokens = (tally.tokens ?? 0) + tokens - (isSame ? (tally.message?.tokens ?? 0) : 0);
  tally.message = id === null ? null : { id, tokens };
}
