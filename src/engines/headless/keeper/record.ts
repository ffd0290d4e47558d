import { mask } from "../../../process/mask.ts";
import type { StreamEvent, ToolCall } from "./protocol.ts";

const maxText = 2_000;
const maxRecord = 64 * 1024;
/** A client with many servers of tools has hundreds. */
const maxTools = 400;

/** One event as a line of `stream.jsonl`, masked and at most 64 KB with its line end; null for what is not kept there. */
export function recordOf(event: StreamEvent, at: string, secrets: readonly string[]): string | null {
  const kept = reduced(event, secrets);
  if (kept === null) return null;
  for (let length = maxRecord / 2; ; length = Math.floor(length / 2)) {
    const cut = (_: string, value: unknown): unknown => (typeof value === "string" ? value.slice(0, length) : value);
    const line = `${JSON.stringify({ at, ...kept }, cut)}\n`;
    if (Buffer.byteLength(line) <= maxRecord) return line;
  }
}

function reduced(event: StreamEvent, secrets: readonly string[]): Record<string, unknown> | null {
  const clean = (text: string | null): string | null => (text === null ? null : mask(text, secrets));
  switch (event.type) {
    case "init":
      return {
        type: "system",
        subtype: "init",
        session_id: event.session,
        model: clean(event.model),
        permissionMode: clean(event.permissionMode),
        // Compared with the worktree, so as it is: a path of ours holds no secret.
        cwd: event.folder,
        tools: event.tools.slice(0, maxTools).map((tool) => clean(tool)?.slice(0, 100)),
      };
    case "retry":
      return {
        type: "system",
        subtype: "api_retry",
        error: clean(event.error),
        error_status: event.status,
        retry_delay_ms: Math.round(event.seconds * 1_000),
      };
    case "limit":
      return { type: "rate_limit_event", rejected: event.rejected, resetsAt: event.resetsAt };
    case "said":
      return {
        type: "assistant",
        text: clean(event.text)?.slice(0, maxText),
        tools: event.calls.slice(0, 100).map(({ name, file }) => ({ name: clean(name), file: clean(file) })),
        tokens: event.tokens,
      };
    case "result":
      return {
        type: "result",
        subtype: clean(event.subtype),
        is_error: event.isError,
        result: clean(event.text),
        errors: event.errors.slice(0, 10).map((error) => clean(error)?.slice(0, maxText)),
        api_error_status: event.status,
        session_id: clean(event.session),
        total_cost_usd: event.dollars,
        tokens: event.tokens,
        num_turns: event.turns,
        permission_denials: event.denials.slice(0, 50).map((denial) => clean(denial)?.slice(0, 200)),
      };
    case "background":
    case "results":
    case "other":
      return null;
  }
}

/** What a person reads of an event in `output.log`, before masking: its words, then one short line for each tool. */
export function linesOf(event: StreamEvent): string[] {
  switch (event.type) {
    case "said":
      return [...(event.text === "" ? [] : event.text.split("\n")), ...event.calls.map(callLine)];
    case "retry":
      return [
        `[the model was not reached (${event.error || event.status}); asked again in ${Math.ceil(event.seconds)} s]`,
      ];
    case "result":
      return event.isError ? [`[ended: ${event.subtype}] ${event.errors.join("; ")}`.trimEnd()] : ["[result]"];
    case "init":
    case "limit":
    case "background":
    case "results":
    case "other":
      return [];
  }
}

function callLine({ name, file, command }: ToolCall): string {
  const about = file ?? command ?? "";
  return `[${name}]${about === "" ? "" : ` ${about.length > 200 ? `${about.slice(0, 200)}…` : about}`}`;
}
