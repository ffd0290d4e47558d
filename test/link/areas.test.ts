import { describe, expect, test } from "vitest";
import { agreements, ask } from "../../src/link/ask.ts";
import { areasMeet, areasOf } from "../../src/link/evidence/areas.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { Area } from "../../src/model/graph.ts";
import type { Plan } from "../../src/model/plan.ts";
import { plan } from "../../src/plan/plan.ts";
import { listOf } from "../lists/make.ts";
import { repository } from "./help.ts";
import { makeList } from "./make.ts";

/** The plan of a text as the command line makes it. */
function planned(text: string, answers: Record<string, "yes" | "no"> = {}, options = {}, files: string[] = []): Plan {
  const config = { ...defaultConfig, ...options };
  const graph = link(listOf(text, "inline"), config, repository({ files }));
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  const answered = ask(graph.value, new Map(Object.entries(answers)));
  if (!answered.ok) throw new Error(JSON.stringify(answered.diagnostics));
  const { value } = answered;
  return plan(value.graph, config, null, { questions: value.questions, agreements: () => agreements(value) });
}

function areaOf(title: string, files: readonly string[] = []): Area | null {
  return areasOf(makeList({ tasks: [{ id: "1", title }] }).tasks, files)[0] ?? null;
}

function boxes(title: string, ...tasks: string[]): string {
  return [`# ${title}`, "", ...tasks.map((task) => `- [ ] ${task}`), ""].join("\n");
}

const firstExample =
  "1. Update API documentation for new endpoints\n2. Add unit tests for validation logic\n3. Update changelog with new features\n";
const endpoints = "1. GET /users/{id} endpoint\n2. POST /users endpoint\n3. PUT /users/{id} endpoint\n";
const documents = boxes(
  "Complete REST API Documentation",
  "Document authentication endpoints",
  "Document user management endpoints",
  "Document payment processing endpoints",
  "Document reporting endpoints",
  "Create code examples and tutorials",
);

describe("tasks that name no file, but places that one answer can confirm", () => {
  test.each([
    ["documentation, tests and changelog", firstExample],
    ["endpoints", endpoints],
    ["documents", documents],
    ["refactorings", "1. Refactor the string utils\n2. Refactor the date utils\n3. Refactor the validation utils\n"],
    ["named parts", "1. Add the login page\n2. Add the invoice parser\n3. Add the mail worker\n"],
    ["in Spanish", "1. Actualizar la documentación de pagos\n2. Escribir pruebas de validación\n3. Update changelog\n"],
  ])("%s: the verdict is the one question, and a yes lets them run at once", (_, text) => {
    const before = planned(text);
    expect(before.verdict).toMatchObject({ answer: "ask", asks: ["q1"] });
    expect(before.batches.every((batch) => batch.length === 1)).toBe(true);
    const after = planned(text, { q1: "yes" });
    expect(after.verdict.answer).toBe("go");
    expect(after.batches).toHaveLength(1);
  });

  test("the question quotes the words that each place rests on, and the verdict names the tasks", () => {
    const { questions, verdict } = planned(firstExample);
    expect(questions[0]?.text).toBe(
      "May 1, 2 and 3 run at once, and beside other tasks? None of them names a file; by their titles they change " +
        "1 the documentation (“API documentation for new endpoints”), 2 tests (“unit tests for validation logic”) and " +
        "3 the changelog (“changelog with new features”).",
    );
    expect(verdict.reasons[0]).toBe("May 1, 2 and 3 run at once, and beside other tasks (q1)?");
    expect(verdict.reasons[1]).toContain("With yes:");
  });

  test("a no leaves them one at a time, and the verdict is no question any more", () => {
    expect(planned(firstExample, { q1: "no" }).verdict.answer).toBe("no-go");
  });

  test("in trees of their own they run at once without an answer", () => {
    for (const text of [firstExample, endpoints, documents]) {
      const { verdict, batches, questions } = planned(text, {}, { parallel: true });
      expect([verdict.answer, batches.length, questions.length]).toEqual(["go", 1, 0]);
    }
  });

  test("what was agreed is kept with the plan's tasks, and only with a yes to a question that names places", () => {
    expect(planned(firstExample).tasks.map(({ area }) => area)).toEqual([undefined, undefined, undefined]);
    expect(planned(firstExample, { q1: "yes" }).tasks[2]?.area).toBe("the changelog: changelog with new features");
    expect(planned("1. Auth stuff\n2. Docs\n", { q1: "yes" }).tasks.map(({ area }) => area)).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("lists that the guides call good and poor", () => {
  test.each([
    [
      "a feature by modules",
      boxes(
        "Implement Shopping Cart System",
        "Cart data model (models/cart.py)",
        "Cart API endpoints (api/cart.py)",
        "Cart UI components (ui/cart/)",
        "Cart persistence layer (db/cart.py)",
        "Cart integration tests (tests/cart/)",
      ),
    ],
    [
      "a refactoring of several modules",
      boxes(
        "Migrate JavaScript to TypeScript - Phase 1",
        "Convert utils/ directory",
        "Convert models/ directory",
        "Convert services/ directory",
        "Convert api/ directory",
        "Update build configuration",
      ),
    ],
    [
      "bugs",
      boxes(
        "Q4 Bug Bash - Critical Fixes",
        "Fix auth redirect loop (auth/redirect.py)",
        "Fix payment calculation error (payment/calc.py)",
        "Fix email template rendering (email/template.py)",
        "Fix export timeout (export/worker.py)",
        "Fix search pagination (search/paginate.py)",
      ),
    ],
  ])("%s: go at once", (_, text) => {
    expect(planned(text).verdict.answer).toBe("go");
  });

  test("documentation by topic: go once it is agreed", () => {
    expect(planned(documents, { q1: "yes" }).verdict.answer).toBe("go");
  });

  test("parts of one integration: no go, and the question says why", () => {
    const tasks = ["Add payment form", "Add Stripe API client", "Add payment processing", "Add webhook handlers"];
    const { verdict, questions } = planned(boxes("Integrate Stripe Payment Flow", ...tasks, "Add payment UI feedback"));
    expect(verdict.answer).toBe("no-go");
    expect(questions[0]).toMatchObject({ confidence: 0.2 });
    expect(questions[0]?.text).toContain("1, 3 and 5 are all about “payment”");
    const other = planned(
      boxes("Integrate the billing system", "Add invoice page", "Add ledger service", "Add tax worker"),
    );
    expect(other.verdict.answer).toBe("no-go");
    expect(other.questions[0]?.text).toContain("one integration");
  });

  test("titles that say nothing: a question, and no place is named", () => {
    const { verdict, questions } = planned(boxes("Sub-Tasks", "Auth stuff", "API things", "Tests", "Docs"));
    expect(verdict.answer).toBe("ask");
    expect(questions[0]?.text).toBe(
      "May 1, 2, 3 and 4 run at once, and beside other tasks? None of them names a file.",
    );
  });
});

describe("the place that a title means", () => {
  test.each([
    ["Update the changelog", "changelog", []],
    ["Write release notes for 2.0", "changelog", []],
    ["Fix the CI pipeline", "ci", []],
    ["Update ESLint config", "build", []],
    ["Add unit tests for the parser", "tests", ["parser"]],
    ["Document the export command", "documentation", ["export"]],
    ["DELETE /orders/{id}", "endpoint", ["DELETE /orders/{id}"]],
    ["Create login endpoint", "endpoint", ["login"]],
    ["Refactor the user service", "part", ["user"]],
    ["添加支付文档", "documentation", ["添加支付文档"]],
  ])("%s", (title, kind, subject) => {
    expect(areaOf(title)).toMatchObject({ kind });
    if (subject.length > 0) expect(areaOf(title)?.subject).toEqual(subject);
  });

  test.each([
    "Run all tests",
    "Verify the documentation",
    "Review the API",
    "Make it faster",
    "Tests",
    "Think about it",
  ])("%s means none", (title) => {
    expect(areaOf(title)).toBeNull();
  });

  test("is a folder or a file of the repository where one has its name", () => {
    const files = ["src/search/index.ts", "src/mail.ts", "CHANGELOG.md", "docs/search.md", "test/search.test.ts"];
    expect(areaOf("Make search faster", files)?.paths).toEqual(["src/search/"]);
    expect(areaOf("Speed up mail", files)?.paths).toEqual(["src/mail.ts"]);
    expect(areaOf("Update the changelog", files)?.paths).toEqual(["CHANGELOG.md"]);
    expect(areaOf("Document search", files)?.paths).toEqual(["docs/search.md"]);
    expect(areaOf("Add tests for search", files)?.paths).toEqual(["test/search.test.ts"]);
  });

  test("is not looked for where files are named, and a name that many files have is none", () => {
    expect(areasOf(makeList({ tasks: [{ id: "1", title: "Update docs", files: ["a.ts"] }] }).tasks, [])).toEqual([]);
    const many = ["a", "b", "c", "d"].map((folder) => `${folder}/cart.ts`);
    expect(areaOf("Speed up cart", many)).toBeNull();
  });
});

describe("two places", () => {
  test.each([
    ["Update the changelog", "Add release notes", true],
    ["Document payments", "Document payments and refunds", true],
    ["Document payments", "Document orders", false],
    ["Add tests for orders", "Refactor the order service", true],
    ["Add tests for orders", "Refactor the mail service", false],
    ["GET /users endpoint", "POST /users endpoint", false],
    ["GET /users endpoint", "GET /users endpoint again", true],
    ["Update the changelog", "Document orders", false],
    ["Add the user page", "Add the user form", true],
    ["Add the user page", "Add the order form", false],
  ])("%s and %s: may be one: %s", (a, b, expected) => {
    const [left, right] = [areaOf(a), areaOf(b)];
    expect(left && right && areasMeet(left, right)).toBe(expected);
  });

  test("that may be one take turns after a yes, and so does a task with files in a place that is meant", () => {
    const text =
      "1. Update changelog for orders\n2. Add release notes\n3. Document payments\n4. Fix typos in CHANGELOG.md\n";
    const { conflicts, questions } = planned(text, { q1: "yes" }, {}, ["CHANGELOG.md", "x/a.ts"]);
    expect(questions[0]?.text).toContain("1 and 2 may mean one place and take turns");
    expect(conflicts.map(({ tasks }) => tasks.join("-")).toSorted()).toEqual(["1-2", "1-4", "2-4"]);
  });
});

test("a verdict asks for as few answers as settle it", () => {
  const chain = (name: string): string =>
    `- [ ] T${name}1 Add the ${name} page\n- [ ] T${name}2 Add the other part (depends on T${name}1)\n`;
  const text = `# List\n\n${["1", "2", "3"].map((n) => chain(n)).join("")}`;
  const { verdict } = planned(text);
  expect(verdict.answer).toBe("ask");
  expect(verdict.asks?.length).toBeLessThanOrEqual(planned(text).questions.length);
});
