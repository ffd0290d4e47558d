import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { takeTyped } from "../engines/session/typed.ts";
import { writeAtomic } from "../process/writeAtomic.ts";
import { stateFolder } from "../run/current.ts";
import { makeStateFolder } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { projectOf, text } from "./load.ts";
import { parseRequest, type Request } from "./requestGrammar.ts";
import { refusedInWorker } from "./requestHeadless.ts";
import { planOf, preview, type Asked } from "./requestPreview.ts";
import { issueNamed, looksLikePath, noSuchFile, sourcesNamed } from "./requestSources.ts";
import { notUnderstood, usage } from "./requestText.ts";
import { answerVerb, start } from "./requestVerb.ts";
import { isFolder } from "./sources.ts";
import { quotedPath } from "../text/fence.ts";

/**
 * The one entry of the slash commands: says what was asked for, or what was not understood and what would work. The
 * client shows a person nothing but an error when a command fails, so the exit code is always 0. A model reads this.
 */
export async function run({ positionals, options, world }: Invocation): Promise<Answer> {
  const session = text(options["session"]) ?? world.env["CLAUDE_CODE_SESSION_ID"];
  const kept = session === undefined ? null : takeTyped(session, world.env);
  const typed = kept?.text ?? (positionals.includes("-") ? world.stdin() : "");
  const given = kept === null ? options : { ...options, project: kept.project };
  const project = projectOf(text(given["project"]), world);
  const request = parseRequest(typed);
  const engine = engineOf(request, options["headless"] === true);
  const said = !isFolder(project)
    ? notUnderstood(`the project ${quotedPath(project)}: there is no such folder`, "open the project anew")
    : typeof engine === "string"
      ? engine
      : (refusedInWorker(request, world) ?? (await respond(request, { world, project, given, ...engine })));
  return { out: said, err: "", code: 0 };
}

/** Where a new run would run; text when that cannot be meant. `/parallel-orchestrate` means headless. */
function engineOf(request: Request, byCommand: boolean): { headless: boolean } | string {
  if (request.kind === "misunderstood" || (request.kind === "verb" && request.verb === "resume"))
    return { headless: byCommand };
  const { engine, headless, timeout } = request.options;
  if (engine !== undefined && !["session", "workflow", "headless"].includes(String(engine)))
    return notUnderstood(
      `\`--engine ${String(engine)}\``,
      "`session` (agents of this session), `workflow` or `headless`",
    );
  if (headless === true && engine !== undefined && engine !== "headless")
    return notUnderstood(`\`--headless\` with \`--engine ${String(engine)}\``, "leave one out");
  const byVerb = request.kind === "verb" && (request.verb === "run" || request.verb === "retry");
  const outside = engine === undefined ? byCommand || headless === true || byVerb : engine === "headless";
  if (timeout !== undefined && !outside)
    return notUnderstood("`--timeout` with agents of this session", "add `--headless`, or leave it out");
  if (timeout !== undefined && !/^[1-9]\d{0,4}$/.test(String(timeout)))
    return notUnderstood(`\`--timeout ${String(timeout)}\``, "whole seconds from 1 to 86400");
  return { headless: outside };
}

async function respond(request: Request, asked: Asked): Promise<string> {
  switch (request.kind) {
    case "misunderstood":
      return notUnderstood(request.what, request.instead);
    case "nothing":
      return `Nothing was asked for. Tell the person how it is used:\n\n${usage(asked.project)}`;
    case "issue": {
      const issue = await issueNamed(request.issue, request.options, asked);
      if (issue === null) return preview([request.issue], request.options, asked);
      return typeof issue === "string" ? issue : preview(issue.sources, request.options, issue.asked);
    }
    case "verb":
      return answerVerb(request, asked);
    case "inline":
      return inline(request, asked);
    case "tasks":
    case "source": {
      const named = await sourcesNamed(request, asked);
      if (typeof named === "string") return named;
      if (named !== null) return preview(named.sources, request.options, named.asked);
      return request.kind === "source" && !looksLikePath(request.words)
        ? inline({ kind: "inline", text: request.rest, go: false, options: request.options }, asked)
        : noSuchFile(request.rest, asked);
    }
  }
}

/** A list typed by hand. It has no file, so one is made of it under our own folder, unless nothing may be written. */
function inline(request: Extract<Request, { kind: "inline" }>, asked: Asked): string | Promise<string> {
  const { options, go } = request;
  const fromMemory: Asked = { ...asked, world: { ...asked.world, stdin: () => request.text } };
  const checked = planOf(["-"], options, fromMemory);
  const runnable = "outcome" in checked && checked.outcome.ok;
  if (!runnable || options["dry-run"] === true || options["json"] === true || options["mermaid"] === true)
    return preview(["-"], options, fromMemory);
  const name = `${createHash("sha256").update(request.text).digest("hex").slice(0, 8)}.md`;
  mkdirSync(join(makeStateFolder(asked.project), "lists"), { recursive: true });
  const path = join(asked.project, stateFolder, "lists", name);
  writeAtomic(path, `${request.text}\n`);
  const source = relative(asked.world.cwd, path) || path;
  if (go) return start([source], options, asked);
  return `The list was saved as \`${source}\`.\n${preview([source], options, asked)}`;
}
