import { join } from "node:path";
import type { ModelRequest } from "./request.ts";
import type { ToolCall, Turn } from "./turn.ts";

/** The project's own root: the plugin under test. */
export const plugin = process.cwd();
export const helper = join(plugin, "dist", "cli.mjs");

/** The `Agent(…)` calls that the newest words tell the model to make; a later list replaces an earlier one. */
export function launchesIn(news: string): ToolCall[] {
  const from = news.lastIndexOf("Launch now, all in one message");
  if (from === -1) return [];
  return [...news.slice(from).matchAll(/^Agent\(\{description: (".*?"), prompt: (".*?")\}\)$/gm)].map((match) => ({
    name: "Agent",
    input: { description: JSON.parse(match[1] ?? "") as string, prompt: JSON.parse(match[2] ?? "") as string },
  }));
}

/** A model that does exactly what it is told: runs the start command it is shown, makes the launches, else waits. */
export function obey(request: ModelRequest): Turn {
  const launches = launchesIn(request.news);
  if (launches.length > 0) return { calls: launches };
  const start = /^node ".*" start .*$/m.exec(request.news)?.[0];
  if (start !== undefined) return { calls: [{ name: "Bash", input: { command: start, description: "start" } }] };
  return { text: "Waiting." };
}

/** The report of a worker that is done. */
export function done(task: string, files: string, summary = `Did ${task}.`): string {
  return `All good.\n\nSTATUS: DONE\nTASK: ${task}\nFILES: ${files}\nSUMMARY: ${summary}`;
}

export function write(folder: string, path: string, content: string): ToolCall {
  return { name: "Write", input: { file_path: join(folder, path), content } };
}
