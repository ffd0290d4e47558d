import { both } from "./resolve.ts";
import { basket, discount, example, points, summary, tax, usage } from "./sources.ts";

/** One thing that a scripted worker does, after so many seconds, with the words that it says before. */
export type Step = { readonly seconds: number; readonly says: string } & (
  | { readonly does: "write"; readonly file: string; readonly text: string }
  | { readonly does: "edit"; readonly file: string; readonly edit: (text: string) => string }
  /** Runs a file of the project with Node; a red one ends the work. */
  | { readonly does: "test"; readonly file: string }
  | { readonly does: "die" }
);

/** All that a scripted worker does in one attempt, and what it reports at the end. */
export interface Script {
  readonly steps: readonly Step[];
  readonly files: readonly string[];
  /** A file beyond the task's own, as a line of the report. */
  readonly outside?: string;
  readonly summary: string;
}

/** What a worker meets: nothing done yet, an attempt before it, an unresolved merge, or tests that were red after the merge. */
export type Situation = "first" | "again" | "conflict" | "red";

/** What the brief says of the situation, in the words in which every worker is told. */
export function situationOf(brief: string): Situation {
  if (brief.includes("conflicts with your earlier work in")) return "conflict";
  if (brief.includes("merged with the work of the others, the check")) return "red";
  return brief.includes("This was tried before") ? "again" : "first";
}

const testOf = (name: string, imports: string, body: string): string =>
  `import { check, equal } from "./check.js";\n${imports}\n\ncheck("${name}", () => {\n${body}\n});\n`;

const write = (seconds: number, file: string, text: string, says: string): Step => ({
  does: "write",
  seconds,
  says,
  file,
  text,
});

const check = (file: string): Step => ({ does: "test", seconds: 0.3, says: "I run my own test.", file });

/** Hooks a section into the receipt, which the list names for nobody: two workers do this to the same line. */
const hookIn = (section: string, file: string): Step => ({
  does: "edit",
  seconds: 0.6,
  says: "The receipt has to print it.",
  file: "src/receipt.js",
  edit: (text) =>
    text
      .replace('from "./money.js";\n', (line) => `${line}import { ${section} } from "./${file}";\n`)
      .replace(/const sections = \[(.*)\];/, (_, names: string) => `const sections = [${names}, ${section}];`),
});

const outside = "src/receipt.js: the receipt has to print it";

const resolve: Step = {
  does: "edit",
  seconds: 1.2,
  says: "Both sections belong into the receipt: I keep what both sides are for.",
  file: "src/receipt.js",
  edit: both,
};

/** The test that was written before amounts had a currency. */
const newAmounts: Step = {
  does: "edit",
  seconds: 1,
  says: "Amounts have a currency since the merge; the test of the summary expects none.",
  file: "test/summary.test.js",
  edit: (text) => text.replace('"2 sales, 37.50"', '"2 sales, 37.50 EUR"'),
};

const basketOf = (cents: number): string => `{ items: [{ name: "tea", cents: ${cents} }] }`;

/** What the scripted worker of a task does; null for a task that is none of the demo's list. */
export function scriptOf(task: string, situation: Situation): Script | null {
  switch (task) {
    case "T001":
      return {
        steps: [
          write(0.6, "src/basket.js", basket, "I write the basket."),
          write(
            0.5,
            "test/basket.test.js",
            testOf(
              "a basket adds up",
              'import { add, total } from "../src/basket.js";',
              '  equal(total(add(add({ items: [] }, "tea", 450), "cup", 800)), 1250);',
            ),
            "Now its test.",
          ),
          check("test/basket.test.js"),
        ],
        files: ["src/basket.js", "test/basket.test.js"],
        summary: "A basket is { items }; add() gives a new one, total() its sum in cents.",
      };
    case "T002":
      // It is to blame only if it was merged second.
      if (situation === "red")
        return { ...fixed, outside: "test/summary.test.js: it expects amounts without their currency" };
      return {
        steps: [
          {
            does: "edit",
            seconds: 1,
            says: "Every amount gets its currency.",
            file: "src/money.js",
            edit: (text) =>
              text.replace("return (cents / 100).toFixed(2);", "return `${(cents / 100).toFixed(2)} EUR`;"),
          },
          {
            does: "edit",
            seconds: 0.6,
            says: "The test has to see the currency.",
            file: "test/money.test.js",
            edit: (text) => text.replace('.slice(0, 5), "12.50"', ', "12.50 EUR"'),
          },
          check("test/money.test.js"),
        ],
        files: ["src/money.js", "test/money.test.js"],
        summary: "formatAmount() ends with EUR now.",
      };
    case "T003":
      if (situation === "red") return fixed;
      return {
        steps: [
          write(1.2, "src/summary.js", summary, "I write the summary."),
          write(
            1,
            "test/summary.test.js",
            testOf(
              "the sales of a day are counted and added up",
              'import { summary } from "../src/summary.js";',
              '  equal(summary([1250, 2500]), "2 sales, 37.50");',
            ),
            "Now its test.",
          ),
          check("test/summary.test.js"),
        ],
        files: ["src/summary.js", "test/summary.test.js"],
        summary: "summary() takes the sales in cents and gives one line.",
      };
    case "T004":
      return {
        // It claims to be done the first time; a look at its worktree shows that it is not.
        steps:
          situation === "first"
            ? [{ does: "test", seconds: 1, says: "I have a look at the tests.", file: "test/all.js" }]
            : [write(1.2, "docs/usage.md", usage, "I write the page, this time.")],
        files: ["docs/usage.md"],
        summary: "docs/usage.md says how to print a receipt and how to run the tests.",
      };
    case "T005":
      return section("discountLines", "discount", discount, situation, {
        seconds: 0.7,
        claim: "from fifty on a tenth is taken off",
        body: `  equal(discount(${basketOf(5000)}), 500);\n  equal(discount(${basketOf(4999)}), 0);`,
      });
    case "T006":
      return section("pointsLines", "points", points, situation, {
        seconds: 1.2,
        claim: "each whole coin is a point",
        body: `  equal(points(${basketOf(1250)}), 12);`,
      });
    case "T007":
      return {
        steps: [
          // Half a file is left behind when it dies.
          ...(situation === "first"
            ? [
                write(0.6, "src/tax.js", tax.slice(0, 80), "I write the tax."),
                { does: "die", seconds: 0.8, says: "Now its test." } as const,
              ]
            : [write(0.7, "src/tax.js", tax, "The file is half written: I write it anew.")]),
          write(
            0.5,
            "test/tax.test.js",
            testOf(
              "the tax is part of the price",
              'import { taxIn } from "../src/tax.js";',
              "  equal(taxIn(11900), 1900);",
            ),
            "Now its test.",
          ),
          check("test/tax.test.js"),
        ],
        files: ["src/tax.js", "test/tax.test.js"],
        summary: "taxIn() gives the tax that a price holds.",
      };
    case "T008":
      return {
        steps: [
          write(1, "examples/receipt.js", example, "I print a receipt with everything that is there now."),
          { does: "test", seconds: 0.4, says: "I run it.", file: "examples/receipt.js" },
        ],
        files: ["examples/receipt.js"],
        summary: "examples/receipt.js prints a receipt with discount, points and tax.",
      };
    default:
      return null;
  }
}

const fixed: Script = {
  steps: [newAmounts, check("test/all.js")],
  files: ["test/summary.test.js"],
  summary: "The test of the summary expects amounts with their currency.",
};

function section(
  name: string,
  file: string,
  text: string,
  situation: Situation,
  of: { readonly seconds: number; readonly claim: string; readonly body: string },
): Script {
  const own = `test/${file}.test.js`;
  return {
    steps:
      situation === "conflict"
        ? [resolve, check("test/all.js")]
        : [
            write(of.seconds, `src/${file}.js`, text, `I write src/${file}.js.`),
            write(0.6, own, testOf(of.claim, `import { ${file} } from "../src/${file}.js";`, of.body), "Now its test."),
            hookIn(name, `${file}.js`),
            check(own),
          ],
    files: [`src/${file}.js`, own, "src/receipt.js"],
    outside,
    summary: `src/${file}.js has ${file}() and ${name}(), which the receipt prints.`,
  };
}
