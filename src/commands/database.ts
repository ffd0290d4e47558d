import type { Outcome } from "../model/diagnostic.ts";

/** The little of `node:sqlite` that is used here. */
interface Sqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean },
  ) => { prepare: (sql: string) => { all: () => Record<string, unknown>[] }; close: () => void };
}

/** Whether bytes are those of an SQLite database. */
export function isDatabase(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 16)).toString("latin1") === "SQLite format 3\0";
}

/**
 * The tasks of a Task Copilot database as JSON text. It is opened for reading only. Node knows SQLite from 22.5 on;
 * before, and for any other database, the outcome says so.
 */
export function readDatabase(file: string, path: string): Outcome<string> {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as Sqlite | undefined;
  if (!sqlite) {
    const fix = "run it with Node 22.5 or later, or export the tasks as JSON";
    return refuse(file, `\`${file}\` is an SQLite database, which Node ${process.versions.node} cannot open`, fix);
  }
  try {
    const database = new sqlite.DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare("SELECT * FROM tasks ORDER BY created_at, id").all();
      return { ok: true, value: JSON.stringify({ database: true, tasks: rows.map(taskOf) }, null, 1) };
    } finally {
      database.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(file, `\`${file}\` is no database of Task Copilot: ${why}`, "name the task list");
  }
}

function taskOf(row: Record<string, unknown>): Record<string, unknown> {
  const { id, title, description, status, assigned_agent: assignedAgent, metadata } = row;
  return { id, title, description, status, assignedAgent, metadata: parsed(metadata) };
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return {};
  }
}

function refuse(file: string, message: string, fix: string): Outcome<never> {
  const place = { file, line: 1, column: 1 };
  return {
    ok: false,
    diagnostics: [{ severity: "error", rule: "database", message, expected: "a task list", fix, place }],
  };
}
