import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";

/** One thing a model was asked, in the parts that tests look at. */
export interface ModelRequest {
  /** Place in the log, from 0. */
  readonly number: number;
  /** `side`: neither the conversation nor a subagent, such as the request for a title. A compaction asks as `main`. */
  readonly from: "main" | "worker" | "side";
  /** The client's id of the subagent, or null. */
  readonly agent: string | null;
  readonly session: string | null;
  readonly model: string;
  readonly stream: boolean;
  readonly tools: readonly string[];
  /** What the conversation began with, without what the client added (its `<system-reminder>` blocks). */
  readonly prompt: string;
  /** What was said since the model's last words: typed text, tool results, notifications, injected context. */
  readonly news: string;
  /** Tool results among the news. */
  readonly results: readonly ToolResult[];
  /** Every text of the conversation, its own words and calls left out. */
  readonly told: string;
}

interface ToolResult {
  readonly call: string;
  readonly text: string;
  readonly isError: boolean;
}

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().optional(),
  content: z.unknown().optional(),
});
const Content = z.union([z.string(), z.array(Block)]);
const Body = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })),
});

/** Reads a body of `POST /v1/messages`. Who asks: a subagent says so in a header; the conversation itself has tools. */
export function readRequest(number: number, headers: IncomingHttpHeaders, text: string): ModelRequest {
  const body = Body.parse(JSON.parse(text));
  const agent = header(headers, "x-claude-code-agent-id");
  const tools = (body.tools ?? []).map((tool) => tool.name);
  const given = body.messages.filter((message) => message.role !== "assistant");
  const lastSaid = body.messages.findLastIndex((message) => message.role === "assistant");
  const news = body.messages.slice(lastSaid + 1).flatMap((message) => blocks(message.content));
  const first = blocks(body.messages.find((message) => message.role === "user")?.content ?? []);
  return {
    number,
    from: agent !== null ? "worker" : tools.length > 0 ? "main" : "side",
    agent,
    session: header(headers, "x-claude-code-session-id"),
    model: body.model,
    stream: body.stream === true,
    tools,
    prompt: first
      .map(blockText)
      .filter((part) => !part.startsWith("<system-reminder>"))
      .join("\n"),
    news: news.map(blockText).join("\n"),
    results: news.flatMap((block) =>
      block.type === "tool_result"
        ? [{ call: block.tool_use_id ?? "", text: blockText(block), isError: block.is_error === true }]
        : [],
    ),
    told: given.flatMap((message) => blocks(message.content).map(blockText)).join("\n"),
  };
}

function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

function blocks(content: z.infer<typeof Content>): z.infer<typeof Block>[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** The words of a block; a tool result holds a text or blocks of its own. */
function blockText(block: z.infer<typeof Block>): string {
  if (block.text !== undefined) return block.text;
  const inner = Content.safeParse(block.content);
  if (!inner.success) return "";
  return blocks(inner.data)
    .map((part) => part.text ?? "")
    .join("\n");
}
