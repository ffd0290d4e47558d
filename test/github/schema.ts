import { readFileSync } from "node:fs";
import * as z from "zod";

type Described = z.core.JSONSchema.JSONSchema;

/** GitHub's own description of the requests that Orchestrate makes: cut by scripts/githubSchema.mjs. */
interface Schema {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly $defs: Record<string, Described>;
  readonly example: Readonly<Record<string, unknown>>;
}
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Described }[];
  readonly responses: Readonly<Record<string, Described | null>>;
}

const schema = JSON.parse(readFileSync("test/github/schema.json", "utf8")) as Schema;

/** A whole issue as GitHub shows it in its documentation. */
export const exampleIssue = schema.example;

/** Answers that GitHub's description leaves out because any request may get them. */
const anywhere = new Set([401, 403, 422, 429, 502]);

/** What is wrong with a request by GitHub's description; null when nothing is. */
export function requestFault(method: string, url: URL): string | null {
  const found = operationOf(method, url.pathname);
  if (found === null) return `GitHub has no ${method} ${url.pathname}`;
  for (const [name, value] of url.searchParams) {
    const parameter = found.parameters.find((each) => each.in === "query" && each.name === name);
    if (parameter === undefined) return `${method} ${url.pathname} takes no ${name}`;
    if (JSON.stringify(parameter.schema).includes('"integer"') && !/^\d+$/.test(value)) return `${name} is ${value}`;
  }
  return null;
}

/** What is wrong with an answer by GitHub's description; null when nothing is. */
export function answerFault(method: string, path: string, status: number, body: unknown): string | null {
  const found = operationOf(method, path);
  if (found === null) return `GitHub has no ${method} ${path}`;
  const described = found.responses[String(status)];
  if (described === undefined && !anywhere.has(status)) return `GitHub does not answer ${path} with ${status}`;
  const checked = validator(described ?? { $ref: "#/$defs/basic-error" }).safeParse(body);
  return checked.success ? null : `the answer ${status} of ${path}: ${z.prettifyError(checked.error).slice(0, 400)}`;
}

const validators = new Map<string, z.ZodType>();

function validator(described: Described): z.ZodType {
  const key = JSON.stringify(described);
  const made = validators.get(key) ?? z.fromJSONSchema({ ...described, $defs: strict(schema.$defs) });
  validators.set(key, made);
  return made;
}

function operationOf(method: string, path: string): Operation | null {
  for (const [template, operations] of Object.entries(schema.paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    const operation = operations[method.toLowerCase()];
    if (operation !== undefined && pattern.test(path)) return operation;
  }
  return null;
}

/** The same with no fields but those that are described: a name spelled wrong is found. */
function strict<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(strict) as Value;
  if (typeof value !== "object" || value === null) return value;
  const made = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, strict(part)]));
  const closes = "type" in value && value.type === "object" && "properties" in value;
  const open = "additionalProperties" in value || "allOf" in value;
  return (closes && !open ? { ...made, additionalProperties: false } : made) as Value;
}
