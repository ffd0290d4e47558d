// What the scripted workers write: the sources of a small till.

export const basket = `/** A basket with one more item. */
export function add(basket, name, cents) {
  return { items: [...basket.items, { name, cents }] };
}

/** The sum of a basket in cents. */
export function total(basket) {
  return basket.items.reduce((sum, { cents }) => sum + cents, 0);
}
`;

export const discount = `import { total } from "./basket.js";
import { formatAmount } from "./money.js";

/** Cents off: a tenth, from fifty on. */
export function discount(basket) {
  return total(basket) < 5000 ? 0 : Math.floor(total(basket) / 10);
}

export function discountLines(basket) {
  return discount(basket) === 0 ? [] : [\`discount -\${formatAmount(discount(basket))}\`];
}
`;

export const points = `import { total } from "./basket.js";

/** One point for each whole coin. */
export function points(basket) {
  return Math.floor(total(basket) / 100);
}

export function pointsLines(basket) {
  return [\`points \${points(basket)}\`];
}
`;

export const summary = `import { formatAmount } from "./money.js";

/** The sales of a day, each in cents, in a line. */
export function summary(sales) {
  return \`\${sales.length} sales, \${formatAmount(sales.reduce((sum, cents) => sum + cents, 0))}\`;
}
`;

export const tax = `/** The tax in a price, both in cents. */
export function taxIn(cents, percent = 19) {
  return Math.round((cents * percent) / (100 + percent));
}
`;

export const usage = `# The till

\`node examples/receipt.js\` prints a receipt. \`node test/all.js\` runs the tests.
`;

export const example = `import { add, total } from "../src/basket.js";
import { formatAmount } from "../src/money.js";
import { receipt } from "../src/receipt.js";
import { taxIn } from "../src/tax.js";

const basket = add(add({ items: [] }, "teapot", 4200), "green tea", 1250);
for (const line of receipt(basket)) console.log(line);
console.log(\`tax included \${formatAmount(taxIn(total(basket)))}\`);
`;
