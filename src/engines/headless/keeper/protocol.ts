/** One line of a worker's stream, in the parts that anybody here looks at. */
export type StreamEvent =
  | Init
  | Retry
  | { readonly type: "limit"; readonly rejected: boolean; readonly resetsAt: number | null }
  | { readonly type: "background"; readonly tasks: number }
  | Said
  /** What the tools gave back, or a word of a person: the model goes on. */
  | { readonly type: "results" }
  | Result
  /** Something of the client's own that says nothing of the work. */
  | { readonly type: "other" };

/** What a client says of itself before its work begins. */
export interface Init {
  readonly type: "init";
  readonly session: string | null;
  readonly model: string | null;
  readonly permissionMode: string | null;
  /** The folder that it works in. */
  readonly folder: string | null;
  readonly tools: readonly string[];
}

/** The client asks the model again after a failure. */
export interface Retry {
  readonly type: "retry";
  /** As the client names it: `rate_limit`, `overloaded`, `authentication_failed`, `billing_error`, … */
  readonly error: string;
  readonly status: number | null;
  readonly seconds: number;
}

/** Words and tool calls of the model. One message of the model may come in several of these, with the same id. */
export interface Said {
  readonly type: "said";
  readonly id: string | null;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly tokens: number;
  /** The client speaks in the model's place: the text says what failed. */
  readonly isError: boolean;
  /** Then, as the client names it: `rate_limit`, `billing_error`, …; "" when it does not. */
  readonly error: string;
}

export interface ToolCall {
  readonly name: string;
  /** The file it names, or null. */
  readonly file: string | null;
  /** The first line of the command it runs, or null. */
  readonly command: string | null;
}

export interface Result {
  readonly type: "result";
  /** `success` when a custom command names none. */
  readonly subtype: string;
  readonly isError: boolean;
  readonly text: string;
  readonly errors: readonly string[];
  /** HTTP status of the failed request, or null. */
  readonly status: number | null;
  /** As the client names the failure, as in `usage_limit_reached`; "" when it does not. */
  readonly error: string;
  readonly session: string | null;
  readonly dollars: number | null;
  /** Of the whole process so far. */
  readonly tokens: number | null;
  readonly turns: number | null;
  readonly denials: readonly string[];
  /** Unread: whatever a custom command put there; undefined when nothing. */
  readonly report: unknown;
}

/** Reads one line: null when it is no JSON object with a `type` that is known, or that the client signed with its session. */
export function readEvent(line: string): StreamEvent | null {
  if (!line.startsWith("{")) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  switch (value["type"]) {
    case "system":
      return readSystem(value);
    case "assistant":
      return readSaid(value);
    case "user":
      return { type: "results" };
    case "rate_limit_event":
      return readLimit(value);
    case "result":
      return readResult(value);
    default:
      return typeof value["type"] === "string" && typeof value["session_id"] === "string" ? { type: "other" } : null;
  }
}

function readSystem(value: Record<string, unknown>): StreamEvent {
  switch (value["subtype"]) {
    case "init":
      return {
        type: "init",
        session: textOf(value["session_id"]),
        model: textOf(value["model"]),
        permissionMode: textOf(value["permissionMode"]),
        folder: textOf(value["cwd"]),
        tools: Array.isArray(value["tools"]) ? value["tools"].flatMap((tool) => textOf(tool) ?? []) : [],
      };
    case "api_retry":
      return {
        type: "retry",
        error: textOf(value["error"]) ?? "",
        status: numberOf(value["error_status"]),
        seconds: Math.max((numberOf(value["retry_delay_ms"]) ?? 0) / 1_000, numberOf(value["retry_after"]) ?? 0),
      };
    case "background_tasks_changed":
      return { type: "background", tasks: Array.isArray(value["tasks"]) ? value["tasks"].length : 0 };
    default:
      return { type: "other" };
  }
}

function readLimit(value: Record<string, unknown>): StreamEvent {
  const info = recordOf(value["rate_limit_info"]);
  const rejected = info["status"] === "rejected" && info["isUsingOverage"] !== true;
  return { type: "limit", rejected, resetsAt: instantOf(info["resetsAt"]) ?? instantOf(info["resets_at"]) };
}

function readSaid(value: Record<string, unknown>): Said {
  const message = recordOf(value["message"]);
  const blocks = blocksOf(value);
  const usage = recordOf(message["usage"]);
  return {
    type: "said",
    id: textOf(message["id"]),
    text: blocks.flatMap((block) => (block["type"] === "text" ? (textOf(block["text"]) ?? []) : [])).join("\n"),
    calls: blocks.flatMap((block) => (block["type"] === "tool_use" ? readCall(block) : [])),
    tokens: tokensOf(usage) ?? 0,
    isError: value["is_api_error_message"] === true || message["model"] === "<synthetic>",
    error: textOf(value["error"]) ?? "",
  };
}

function readCall(block: Record<string, unknown>): ToolCall {
  const input = recordOf(block["input"]);
  return {
    name: textOf(block["name"]) ?? "",
    file: textOf(input["file_path"]) ?? textOf(input["notebook_path"]),
    command: textOf(input["command"])?.split("\n", 1)[0] ?? null,
  };
}

function readResult(value: Record<string, unknown>): Result {
  const models = Object.values(recordOf(value["modelUsage"])).map(recordOf);
  const counted = models.map(
    (usage) =>
      (numberOf(usage["inputTokens"]) ?? 0) +
      (numberOf(usage["outputTokens"]) ?? 0) +
      (numberOf(usage["cacheCreationInputTokens"]) ?? 0),
  );
  return {
    type: "result",
    subtype: textOf(value["subtype"]) ?? "success",
    isError: value["is_error"] === true,
    text: textOf(value["result"]) ?? "",
    errors: Array.isArray(value["errors"]) ? value["errors"].flatMap((error) => textOf(error) ?? []) : [],
    status: numberOf(value["api_error_status"]),
    error: textOf(value["api_error"]) ?? textOf(value["api_error_type"]) ?? "",
    session: textOf(value["session_id"]),
    dollars: numberOf(value["total_cost_usd"]) ?? numberOf(value["cost"]),
    tokens:
      counted.length > 0
        ? counted.reduce((sum, tokens) => sum + tokens)
        : (numberOf(value["tokens"]) ?? tokensOf(recordOf(value["usage"]))),
    turns: numberOf(value["num_turns"]),
    denials: Array.isArray(value["permission_denials"]) ? value["permission_denials"].map(readDenial) : [],
    report: value["report"],
  };
}

function readDenial(value: unknown): string {
  const denial = recordOf(value);
  const input = recordOf(denial["tool_input"]);
  const about = ["command", "file_path", "notebook_path", "url"].flatMap((name) => textOf(input[name]) ?? [])[0];
  const name = textOf(denial["tool_name"]) ?? "a tool";
  return about === undefined ? name : `${name}: ${about}`;
}

/** Input, output and cache writes; null when there is no count at all. */
function tokensOf(usage: Record<string, unknown>): number | null {
  const counts = ["input_tokens", "output_tokens", "cache_creation_input_tokens"].flatMap(
    (name) => numberOf(usage[name]) ?? [],
  );
  return counts.length === 0 ? null : counts.reduce((sum, tokens) => sum + tokens);
}

function blocksOf(value: Record<string, unknown>): Record<string, unknown>[] {
  const content = recordOf(value["message"])["content"];
  return Array.isArray(content) ? content.filter(isRecord) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Seconds since 1970, of a field that may hold them, milliseconds, or a date in words. */
function instantOf(value: unknown): number | null {
  const number = numberOf(value);
  if (number !== null) return number > 1e11 ? number / 1_000 : number;
  const date = Date.parse(textOf(value) ?? "");
  return Number.isNaN(date) ? null : date / 1_000;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
