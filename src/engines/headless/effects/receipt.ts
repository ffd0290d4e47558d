import { closeSync, openSync, readSync } from "node:fs";
import type { PlanIndex } from "../../../run/planIndex.ts";
import type { Receipt } from "../../../model/event.ts";
import { attemptFiles } from "../keeper/files.ts";

/** What a worker said of itself before its work began. */
export interface Found {
  readonly receipt: Pick<Receipt, "session" | "model" | "permissionMode" | "tools">;
  /** The folder that it works in, as it says. */
  readonly folder: string | null;
}

/** Bytes of the stream in which the first line must stand. */
const firstBytes = 256 * 1024;

/** The first protocol line of a worker, when it is there and is an `init`. A custom command may have none. */
export function readReceipt(folder: string): Found | null {
  let text: string;
  try {
    const file = openSync(attemptFiles(folder).stream, "r");
    try {
      const bytes = Buffer.alloc(firstBytes);
      text = bytes.toString("utf8", 0, readSync(file, bytes, 0, firstBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
  for (const line of text.split("\n").slice(0, -1)) {
    const said = parsed(line);
    if (said?.["type"] !== "system" || said["subtype"] !== "init") continue;
    const word = (name: string): string | null => (typeof said[name] === "string" ? said[name] : null);
    const tools = Array.isArray(said["tools"]) ? said["tools"].filter((tool) => typeof tool === "string") : [];
    return {
      receipt: { session: word("session_id"), model: word("model"), permissionMode: word("permissionMode"), tools },
      folder: word("cwd"),
    };
  }
  return null;
}

/**
 * Why a worker that says this of itself must not work, or null: it stands in another folder, has other permissions or another
 * model than it was given, or could start agents of its own.
 */
export function whyRefused(
  { receipt, folder }: Found,
  task: string,
  worktree: string,
  index: PlanIndex,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const { config, tasks } = { config: index.plan.config, tasks: index.tasks };
  if (folder !== null && folder !== worktree)
    return `its worker began in ${folder}, expected its own worktree ${worktree}`;
  const { permissionMode, model, tools } = receipt;
  if (config.worker.command === undefined && permissionMode !== null && permissionMode !== config.permissionMode)
    return `its worker runs with the permission mode ${permissionMode}, expected ${config.permissionMode}`;
  const asked = tasks.get(task)?.model ?? config.model ?? null;
  const wanted = asked === null ? null : modelFor(asked, env);
  if (wanted !== null && model !== null && !model.toLowerCase().includes(wanted.toLowerCase()))
    return `its worker runs on the model ${model}, expected ${wanted}`;
  const nested = tools.filter((tool) => tool === "Agent" || tool === "Task" || tool === "Workflow");
  if (nested.length > 0) return `its worker could start agents of its own (${nested.join(", ")})`;
  return null;
}

/** What a model's name stands for: the person's own environment may say what the short ones mean. Null for one that the client chooses itself. */
function modelFor(asked: string, env: Readonly<Record<string, string | undefined>>): string | null {
  const name = asked.replace(/\[.*$/, "");
  if (/^(?:default|inherit|best|opusplan)$/i.test(name)) return null;
  const own = /^[a-z]+$/i.test(name) ? env[`ANTHROPIC_DEFAULT_${name.toUpperCase()}_MODEL`] : undefined;
  return own === undefined || own === "" ? name : own.replace(/\[.*$/, "");
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
