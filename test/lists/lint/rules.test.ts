import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { lintOf } from "./make.ts";

const page = readFileSync("docs/lint.md", "utf8");

/** Each rule of the page with its examples. */
const documented = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const rule = /^`([a-z-]+)`/.exec(section)?.[1] ?? "";
    const example = (what: string) => new RegExp(`^(\`{3,})(\\w+) ${what}\\n([^]*?)\\n\\1$`, "m").exec(section);
    const [wrong, right] = [example("wrong"), example("right")];
    const file = wrong?.[2] === "yaml" ? "tasks.yaml" : "tasks.md";
    return { rule, file, wrong: `${wrong?.[3] ?? ""}\n`, right: `${right?.[3] ?? ""}\n` };
  });

test.each(documented)(
  "$rule is reported in its wrong example and not in its right one",
  ({ rule, file, wrong, right }) => {
    expect(lintOf(wrong, file).map((one) => one.rule)).toContain(rule);
    expect(lintOf(right, file)).toEqual([]);
  },
);

/** Rules that only show when something lies beside the list, or that a person cannot mend in it; each with the reason. */
const elsewhere: Readonly<Record<string, string>> = {
  "ask-split": "a list typed by hand",
  "conditional-dependency": "beads",
  "conflicts-cut": "a limit of what is shown",
  contradiction: "two statements of which the stronger holds",
  "depends-on-parent": "formats with parts",
  encoding: "bytes that are no text",
  "external-dependency": "a note",
  "finished-cycle": "a note",
  "front-matter": "formats with front matter",
  "needs-unselected": "a part of a list",
  "not-a-task": "a note",
  "nul-byte": "bytes that are no text",
  "other-tags": "a note",
  "outside-project": "the project around the list",
  "read-as": "Markdown in which formats differ",
  "too-deep": "data nested without end",
  "too-large": "an Auto-Claude plan with more dependencies than any plan has",
  "unknown-conflict": "ccpm",
  "unknown-format": "the command line",
  "unknown-hot-class": "the options of the project",
  "unknown-question": "the command line",
  "unknown-tag": "Task Master",
  "unknown-task": "the command line",
  "wave-mismatch": "GSD",
};

test("every rule that reading, linking and lint know is on the page, or has its reason not to be", () => {
  const folders = [
    "src/lists",
    "src/lists/formats",
    "src/lists/markdown",
    "src/lists/lint",
    "src/link",
    "src/link/statements",
    "src/link/evidence",
    "src/link/locks",
  ];
  const texts = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(`${folder}/${name}`, "utf8")),
  );
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\brule: (?:\w+ \? )?"([a-z-]+)"|\b(?:warn|fault|fail|refuse)\(\s*"([a-z-]+)"/g)].map(
      ([, a, b]) => a ?? b ?? "",
    ),
  );
  const rules = documented.map(({ rule }) => rule);
  expect([...new Set(named)].filter((rule) => !rules.includes(rule) && elsewhere[rule] === undefined)).toEqual([]);
  // The other way round: what the page names, some file knows.
  const all = texts.join("\n");
  expect(rules.filter((rule) => !all.includes(`"${rule}"`) && !rule.startsWith("unclosed-"))).toEqual([]);
});
