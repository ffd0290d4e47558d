// Cuts the paths that Orchestrate uses out of GitHub's published OpenAPI description and writes them to
// test/github/schema.json. The package is 404 MB unpacked, so only the cut is committed. To renew it:
//   npm pack @octokit/openapi@23 && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json package/package.json
//   node scripts/githubSchema.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Every request that Orchestrate makes. */
const wanted = {
  "/repos/{owner}/{repo}/issues/{issue_number}": ["get"],
  "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues": ["get"],
  "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by": ["get"],
  "/rate_limit": ["get"],
};
/** For people, not for validation. */
const prose = new Set(["description", "summary", "tags", "externalDocs", "x-github", "x-octokit", "x-githubCloudOnly"]);

const from = process.argv[2];
if (from === undefined) {
  process.stderr.write("usage: node scripts/githubSchema.mjs FOLDER-OF-THE-PACKAGE\n");
  process.exit(2);
}
const read = (name) => JSON.parse(readFileSync(join(from, name), "utf8"));
const api = read("generated/api.github.com.json");
const { name, version } = read("package.json");

/** The object that a local reference names. */
function target(ref) {
  return ref
    .slice(2)
    .split("/")
    .reduce((value, key) => value[key.replaceAll("~1", "/").replaceAll("~0", "~")], api);
}

const schemas = {};
const queue = [];

/** JSON Schema of an OpenAPI 3.0 schema: `nullable` becomes a type, references stay local. */
function schemaOf(value) {
  if (Array.isArray(value)) return value.map(schemaOf);
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$ref === "string") {
    const key = value.$ref.slice("#/components/schemas/".length);
    if (!Object.hasOwn(schemas, key)) queue.push(key);
    schemas[key] ??= null;
    return { $ref: `#/$defs/${key}` };
  }
  const made = {};
  for (const [key, part] of Object.entries(value)) {
    if (key === "properties")
      made.properties = Object.fromEntries(Object.entries(part).map(([property, each]) => [property, schemaOf(each)]));
    else if (!prose.has(key) && !["nullable", "example", "examples", "default", "title", "deprecated"].includes(key))
      made[key] = schemaOf(part);
  }
  return value.nullable === true ? { anyOf: [made, { type: "null" }] } : made;
}

const resolved = (value) => (typeof value.$ref === "string" ? target(value.$ref) : value);
const paths = {};
for (const [path, methods] of Object.entries(wanted)) {
  paths[path] = {};
  for (const method of methods) {
    const operation = api.paths[path][method];
    const parameters = (operation.parameters ?? []).map(resolved);
    const responses = {};
    for (const [status, response] of Object.entries(operation.responses)) {
      const content = resolved(response).content?.["application/json"];
      responses[status] = content === undefined ? null : schemaOf(content.schema);
    }
    paths[path][method] = {
      parameters: parameters.map((each) => ({
        name: each.name,
        in: each.in,
        required: each.required === true,
        schema: schemaOf(each.schema),
      })),
      responses,
    };
  }
}
// Answers of every path that the description does not repeat at each.
schemas["basic-error"] ??= null;
queue.push("basic-error");
for (let key = queue.pop(); key !== undefined; key = queue.pop())
  schemas[key] ??= schemaOf(api.components.schemas[key]);

const cut = {
  from: `${name} ${version}`,
  paths,
  $defs: Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  /** A whole issue as GitHub shows it: what tests begin with. */
  example: api.components.examples.issue.value,
};
writeFileSync(resolve(import.meta.dirname, "../test/github/schema.json"), `${JSON.stringify(cut, null, 1)}\n`);
