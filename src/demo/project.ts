/** The name in the project's package.json, by which a scripted worker knows that it stands in a demo. */
export const projectName = "orchestrate-demo-shop";

/** The list that is run: ordinary Markdown, as a team might write it. */
export const listName = "tasks.md";

/** The check of the whole tree: it runs on the base, and after every merge. */
const verify = "node test/all.js";

const list = `# The till of a small shop

- [ ] T001 [P] Put items into a basket and add them up in \`src/basket.js\` and \`test/basket.test.js\`
- [ ] T002 [P] Write amounts with their currency in \`src/money.js\` and \`test/money.test.js\`
- [ ] T003 [P] Sum up the sales of a day in \`src/summary.js\` and \`test/summary.test.js\`
- [ ] T004 [P] Say how the till is used in \`docs/usage.md\`
- [ ] T005 [P] Take a discount off in \`src/discount.js\` and \`test/discount.test.js\` (depends on T001)
- [ ] T006 [P] Give points for a purchase in \`src/points.js\` and \`test/points.test.js\` (depends on T001)
- [ ] T007 [P] Find the tax in a price in \`src/tax.js\` and \`test/tax.test.js\` (depends on T001)
- [ ] T008 Print a receipt with all of it in \`examples/receipt.js\` (depends on T002, T005, T006, T007)
`;

const money = `/** An amount in cents, as text. */
export function formatAmount(cents) {
  return (cents / 100).toFixed(2);
}
`;

const receipt = `import { formatAmount } from "./money.js";

const sections = [items];

/** The receipt for a basket, as lines. */
export function receipt(basket) {
  return sections.flatMap((section) => section(basket));
}

function items(basket) {
  return basket.items.map(({ name, cents }) => \`\${name} \${formatAmount(cents)}\`);
}
`;

const moneyTest = `import { check, equal } from "./check.js";
import { formatAmount } from "../src/money.js";

check("an amount has two decimals", () => {
  equal(formatAmount(1250).slice(0, 5), "12.50");
});
`;

const receiptTest = `import { check, equal } from "./check.js";
import { receipt } from "../src/receipt.js";

check("a receipt begins with its items", () => {
  equal(receipt({ items: [{ name: "tea", cents: 450 }] })[0].slice(0, 8), "tea 4.50");
});
`;

const checkFunctions = `/** Runs one test. A red one is said, and makes the process end with 1. */
export function check(claim, test) {
  try {
    test();
  } catch (error) {
    console.log(\`FAILED: \${claim}: \${error.message}\`);
    process.exitCode = 1;
  }
}

export function equal(actual, expected) {
  if (actual !== expected) throw new Error(\`got \${actual}, expected \${expected}\`);
}
`;

const allTests = `// Every test in one process: a check that takes no time can run after every merge.
import { readdirSync } from "node:fs";

for (const file of readdirSync(new URL(".", import.meta.url)))
  if (file.endsWith(".test.js")) await import(new URL(file, import.meta.url));
`;

/**
 * The files of the small project that the demo works on, by their paths. `worker` is the command line of the scripted worker.
 */
export function projectFiles(worker: readonly string[]): Readonly<Record<string, string>> {
  const manifest = { name: projectName, private: true, type: "module", scripts: { test: verify } };
  return {
    [listName]: list,
    ".orchestrate.yml": [
      "maxWorkers: 6",
      `verify: [${JSON.stringify(verify)}]`,
      "worker:",
      `  command: ${JSON.stringify(worker)}`,
      "",
    ].join("\n"),
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "src/money.js": money,
    "src/receipt.js": receipt,
    "test/all.js": allTests,
    "test/check.js": checkFunctions,
    "test/money.test.js": moneyTest,
    "test/receipt.test.js": receiptTest,
  };
}
