import { expect, test } from "vitest";
import { edgesOf, planOf, refusalOf, shop } from "./project.ts";
import { makeGitHub, type FakeIssue } from "./server.ts";

const cart: readonly FakeIssue[] = [
  {
    at: "octo/shop#1234",
    title: "Implement the shopping cart",
    body: "Everything for the cart.\n\n## Acceptance Criteria\n- [ ] The whole test suite passes\n",
    subIssues: ["octo/shop#1235", "octo/shop#1236", "octo/shop#1237"],
  },
  { at: "octo/shop#1235", title: "Cart data model", body: "Create `models/cart.py`.", state: "closed" },
  {
    at: "octo/shop#1236",
    title: "Cart API endpoints",
    body: "Create `api/cart.py`.\n\n### Acceptance criteria\n- A cart of 100 items loads\n\nEstimate: 30m\n",
    blockedBy: ["octo/shop#1235"],
  },
  { at: "octo/shop#1237", title: "Cart UI components", body: "Create `ui/cart.ts`.\n\nDepends on #1236\n" },
];

test("native sub-issues, dependencies and bodies become the plan", async () => {
  const github = await makeGitHub(...cart);
  const plan = await planOf(github, shop(), "1234");
  expect(plan.source).toEqual(["octo/shop#1234"]);
  expect(plan.title).toBe("Implement the shopping cart");
  expect(plan.tasks.map(({ id, title, status, estimate }) => [id, title, status, estimate])).toEqual([
    ["1235", "Cart data model", "done", 15],
    ["1236", "Cart API endpoints", "pending", 30],
    ["1237", "Cart UI components", "pending", 15],
  ]);
  expect(plan.edges.map(({ from, to, evidence }) => [from, to, evidence])).toEqual([
    ["1235", "1236", "blocked by octo/shop#1235 on GitHub"],
    ["1236", "1237", "Depends on #1236"],
  ]);
  expect(plan.tasks[1]?.files).toEqual([{ path: "api/cart.py", access: "create" }]);
  expect(plan.tasks[1]?.acceptance).toEqual([
    "A cart of 100 items loads",
    "The whole test suite passes (of the whole issue)",
  ]);
});

test("sub-issues of sub-issues: the leaves are tasks, what groups them is a phase, and its dependencies are theirs", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3", "octo/shop#6"] },
    { at: "octo/shop#2", title: "Schema" },
    { at: "octo/shop#3", title: "Backend", subIssues: ["octo/shop#4", "octo/shop#5"], blockedBy: ["octo/shop#2"] },
    { at: "octo/shop#4", title: "Routes" },
    { at: "octo/shop#5", title: "Queries" },
    { at: "octo/shop#6", title: "Pages", body: "Blocked by #3" },
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks.map(({ id, phase, parent }) => [id, phase, parent])).toEqual([
    ["2", null, null],
    ["4", "Backend", "3"],
    ["5", "Backend", "3"],
    ["6", null, null],
  ]);
  expect(edgesOf(plan)).toEqual(["2→4", "2→5", "4→6", "5→6"]);
});

test("a circle of sub-issues is read once", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2"] },
    { at: "octo/shop#2", subIssues: ["octo/shop#3", "octo/shop#1"] },
    { at: "octo/shop#3", subIssues: ["octo/shop#2"] },
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks.map(({ id }) => id)).toEqual(["3"]);
});

test("a circle of dependencies is an error with its way", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3"] },
    { at: "octo/shop#2", blockedBy: ["octo/shop#3"] },
    { at: "octo/shop#3", blockedBy: ["octo/shop#2"] },
  );
  const err = await refusalOf(github, shop(), "1");
  expect(err).toContain("[cycle]");
  expect(err).toContain("octo/shop#3:1");
});

test("an edge set on GitHub wins over what a body says, and both are shown", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3"] },
    { at: "octo/shop#2", blockedBy: ["octo/shop#3"] },
    { at: "octo/shop#3", body: "Depends on #2" },
  );
  const plan = await planOf(github, shop(), "1");
  expect(edgesOf(plan)).toEqual(["3→2"]);
  expect(plan.overruled).toMatchObject([{ edge: { from: "2", to: "3", evidence: "Depends on #2" } }]);
});

test("sub-issues deeper than GitHub allows are refused, and no more is asked", async () => {
  const chain = Array.from({ length: 12 }, (_, level): FakeIssue => ({
    at: `octo/shop#${level + 1}`,
    subIssues: [`octo/shop#${level + 2}`],
  }));
  const github = await makeGitHub(...chain, { at: "octo/shop#13" });
  expect(await refusalOf(github, shop(), "1")).toContain("more than 8 levels");
  expect(github.requests.length).toBeLessThan(12);
});

test("lists longer than a page are read to their end", async () => {
  const parts = Array.from({ length: 230 }, (_, index) => `octo/shop#${index + 2}`);
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: parts },
    ...parts.map((at, index): FakeIssue => ({ at, title: `Part ${index}`, body: `Create \`src/part${index}.ts\`.` })),
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks).toHaveLength(230);
  expect(github.requests.filter((line) => line.includes("sub_issues"))).toEqual(
    [1, 2, 3].map((page) => `GET /repos/octo/shop/issues/1/sub_issues?per_page=100&page=${page}`),
  );
});

test.each([
  ["boxes", "## Tasks\n- [ ] #11 Parser\n- [ ] #12 (depends on #11)\n- [x] other/lib#5\n"],
  ["numbers", "1. #11\n2. #12 depends on #11\n3. other/lib#5\n"],
  ["bullets under Sub-issues", "## Sub-issues\n- #11\n- #12, blocked by #11\n- other/lib#5\n"],
  [
    "GH- and links",
    "- [ ] GH-11\n- [ ] https://github.com/octo/shop/issues/12 after GH-11\n- [ ] https://github.com/other/lib/issues/5\n",
  ],
  ["its own name written out", "- [ ] octo/shop#11\n- [ ] Octo/Shop#12 waits for octo/shop#11\n- [ ] other/lib#5\n"],
])("rows of the body that name issues: %s", async (_, body) => {
  const github = await makeGitHub(
    { at: "octo/shop#10", body },
    { at: "octo/shop#11", title: "Parser", state: "closed" },
    { at: "octo/shop#12", title: "Writer" },
    { at: "other/lib#5", title: "Release the library", body: "Depends on #12, which is not ours" },
    { at: "other/lib#12", state: "closed" },
  );
  const plan = await planOf(github, shop(), "#10");
  expect(plan.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
    ["11", "Parser", "done"],
    ["12", "Writer", "pending"],
    ["other.lib-5", "Release the library", "pending"],
  ]);
  expect(edgesOf(plan)).toEqual(["11→12"]);
});

test.each([
  [
    "boxes",
    "## Sub-Tasks\n\n- [ ] **Add login**: create `auth/login.py`. Include tests.\n- [x] **Add logout**: create `auth/logout.py`.\n",
  ],
  ["numbers", "Do this:\n\n1. Add login in `auth/login.py`\n2. Add logout in `auth/logout.py`\n"],
  ["headings", "## Sub-Tasks\n### Add login\nCreate `auth/login.py`.\n### Add logout\nCreate `auth/logout.py`.\n"],
])("a list in the body without issues: %s", async (_, body) => {
  const github = await makeGitHub({ at: "octo/shop#10", title: "Auth", body });
  const plan = await planOf(github, shop(), "10");
  expect(plan.tasks.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(plan.tasks.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(["auth/login.py", "auth/logout.py"]);
  // Ticking is GitHub's.
  expect(plan.tasks.map(({ box }) => box)).toEqual([null, null]);
});

test("beside sub-issues, plain rows are tasks under a heading that says so, and set aside elsewhere", async () => {
  const body = "- [ ] Think about it\n\n## Tasks\n- [ ] #2\n- [ ] Update `README.md`\n";
  const github = await makeGitHub({ at: "octo/shop#1", body, subIssues: ["octo/shop#2"] }, { at: "octo/shop#2" });
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks.map(({ id }) => id)).toEqual(["2", "1.1"]);
  expect(plan.setAside).toMatchObject([{ line: 1, reason: "the issue has sub-issues, and this names none of them" }]);
});

test("what is waited for elsewhere: closed counts as met, open and unknown hold the task back, and all of it is said", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3", "octo/shop#4", "octo/shop#5"] },
    { at: "octo/shop#2", body: "Depends on #90" },
    { at: "octo/shop#3", blockedBy: ["other/lib#7"] },
    { at: "octo/shop#4", body: "Requires https://github.com/octo/shop/issues/91" },
    {
      at: "octo/shop#5",
      body: "Not blocked by #91. This no longer depends on #92.\n~~Depends on #92~~\n> Depends on #91\n",
    },
    { at: "octo/shop#90", state: "closed" },
    { at: "other/lib#7" },
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks.map(({ id, status }) => [id, status])).toEqual([
    ["2", "pending"],
    ["3", "needs-input"],
    ["4", "needs-input"],
    ["5", "pending"],
  ]);
  const said = plan.diagnostics.map(({ message }) => message).join("\n");
  expect(said).toContain("octo/shop#90 is closed");
  expect(said).toContain("other/lib#7 is open, and no part of this issue");
  expect(said).toContain("octo/shop#91 cannot be read");
  expect(github.requests.join()).not.toContain("issues/92");
});

test("an issue that was transferred is read where it is now", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", movedTo: "octo/store#40" },
    { at: "octo/store#40", title: "Moved", body: "- [ ] Write `a.md`\n- [ ] Write `b.md`\n" },
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.source).toEqual(["octo/store#40"]);
  expect(plan.diagnostics.map(({ rule }) => rule)).toContain("github-moved");
});

test("closed as not planned is dropped, and holds nobody up", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3"] },
    { at: "octo/shop#2", state: "closed", reason: "not_planned" },
    { at: "octo/shop#3", blockedBy: ["octo/shop#2"] },
  );
  const plan = await planOf(github, shop(), "1");
  expect(plan.tasks.map(({ status }) => status)).toEqual(["cancelled", "pending"]);
});

test("ids beyond 32 and 53 bits are told apart", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", id: "9007199254740992", subIssues: ["octo/shop#2", "octo/shop#3"] },
    { at: "octo/shop#2", id: "9007199254740993" },
    { at: "octo/shop#3", id: "4294967297" },
  );
  expect((await planOf(github, shop(), "1")).tasks.map(({ id }) => id)).toEqual(["2", "3"]);
});

test("Unicode and a body of 60 KB come through whole", async () => {
  const title = "Übersetze „Grüße“ 你好 👩‍💻";
  const long = `Create \`src/i18n.ts\`.\n${"Zeile mit Umlauten äöü und 漢字.\n".repeat(1_700)}`;
  expect(Buffer.byteLength(long)).toBeGreaterThan(60_000);
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2"] },
    { at: "octo/shop#2", title, body: long.replaceAll("\n", "\r\n") },
  );
  const [task] = (await planOf(github, shop(), "1")).tasks;
  expect(task?.title).toBe(title);
  expect(task?.body).toBe(long.trim());
});

test("an issue without a list gets advice, and a vague one too", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", body: "We should really do auth." },
    { at: "octo/shop#2", body: "## Sub-Tasks\n\n- [ ] Auth stuff\n- [ ] API things\n- [ ] Tests\n- [ ] Docs\n" },
    { at: "octo/shop#3", body: null },
  );
  for (const number of ["1", "3"]) {
    const err = await refusalOf(github, shop(), number);
    expect(err).toContain("[no-sub-tasks]");
    expect(err).toContain("- [ ] **Add the login endpoint**: create");
  }
  const plan = await planOf(github, shop(), "2");
  const advice = plan.diagnostics.find(({ rule }) => rule === "vague-tasks");
  expect(advice?.message).toContain("4 sub-tasks say too little to be done without you: 1 “Auth stuff”");
});
