import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ModelRequest } from "./request.ts";

/** What the stand-in says: words, then tool calls. A turn without calls ends the conversation's turn. */
export interface Turn {
  readonly text?: string;
  readonly calls?: readonly ToolCall[];
  /** What it costs, in tokens; few when not given. */
  readonly tokens?: number;
  /** Instead of both: the service refuses the request. */
  readonly refusal?: Refusal;
}

/** What the service answers to a request that it does not take; the client asks again by itself when the headers let it. */
interface Refusal {
  readonly status: number;
  /** As in `rate_limit_error`. */
  readonly type: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export function sendMissing(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "application/json" });
  response.end('{"type":"error","error":{"type":"not_found_error","message":"the stand-in has no such page"}}');
}

export function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function sendRefusal(response: ServerResponse, { status, type, message, headers }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ type: "error", error: { type, message } }));
}

/** Says a turn in the form asked for: server-sent events, or one JSON object. */
export function sendTurn(response: ServerResponse, request: ModelRequest, turn: Turn): void {
  if (response.destroyed || response.writableEnded) return;
  if (turn.refusal !== undefined) return sendRefusal(response, turn.refusal);
  const content = [
    ...(turn.text === undefined ? [] : [{ type: "text" as const, text: turn.text }]),
    ...(turn.calls ?? []).map((call, index) => ({
      type: "tool_use" as const,
      id: `toolu_${request.number}_${index}_${randomUUID().slice(0, 8)}`,
      name: call.name,
      input: call.input,
    })),
  ];
  const message = {
    id: `msg_${randomUUID()}`,
    type: "message",
    role: "assistant",
    model: request.model,
    stop_sequence: null,
    usage: { input_tokens: turn.tokens ?? 10, output_tokens: 10 },
  };
  const stop_reason = (turn.calls ?? []).length > 0 ? "tool_use" : "end_turn";
  if (!request.stream) return sendJson(response, { ...message, content, stop_reason });

  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  send("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of content.entries()) {
    const isText = block.type === "text";
    send("content_block_start", { index, content_block: isText ? { ...block, text: "" } : { ...block, input: {} } });
    const delta = isText
      ? { type: "text_delta", text: block.text }
      : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  }
  send("message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 10 } });
  send("message_stop", {});
  response.end();
}
