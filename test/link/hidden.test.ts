import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cyclicArcs } from "../../src/link/cycles.ts";
import { doubtsOf, edgesOf, linked, repository } from "./help.ts";
import type { TaskSketch } from "./make.ts";

describe("tests come after what they test", () => {
  test.each([
    ["+src/limiter.ts", "+test/limiter.test.ts"],
    ["+app/limiter.py", "+tests/test_limiter.py"],
    ["+limit/limiter.go", "+limit/limiter_test.go"],
    ["+src/main/Limiter.java", "+src/test/LimiterTest.java"],
    ["+lib/rate-limiter.ts", "+lib/__tests__/rateLimiter.ts"],
  ])("by name: %s, %s", (code, tests) => {
    const tasks = [
      { id: "A", files: [code] },
      { id: "B", files: [tests] },
    ];
    expect(edgesOf({ tasks })).toEqual(["A→B inferred"]);
  });

  test("by words, when one task alone makes that thing", () => {
    const tasks: TaskSketch[] = [
      { id: "A", title: "Create the rate limiter", files: ["src/a.ts"] },
      { id: "B", title: "Create the login page", files: ["src/b.ts"] },
      { id: "C", title: "Add unit tests for the rate limiter", files: ["check/c.ts"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["A→C inferred"]);
    expect(
      edgesOf({ tasks: [{ id: "0", title: "Build a rate limiter for mail", files: ["src/m.ts"] }, ...tasks] }),
    ).toEqual([]);
  });

  test("tests that stand first are asked about", () => {
    const tasks = [
      { id: "A", files: ["+test/limiter.test.ts"] },
      { id: "B", files: ["+src/limiter.ts"] },
    ];
    expect([edgesOf({ tasks }), doubtsOf({ tasks })]).toEqual([[], ["A before B"]]);
  });

  test("one of another language, or of the same name elsewhere, is not what they test", () => {
    const tasks = [
      { id: "A", files: ["+api/limiter.py"] },
      { id: "B", files: ["+web/limiter.ts"] },
      { id: "C", files: ["+admin/limiter.ts"] },
      { id: "D", files: ["+web/limiter.test.ts"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["B→D inferred"]);
  });
});

describe("who makes a symbol comes before who uses it", () => {
  test("as lines of their own say, whatever the order of the list", () => {
    const tasks = [
      { id: "A", text: "- [ ] A\n  - Consumes: `makeKey(user)`", files: ["a.ts"] },
      { id: "B", text: "- [ ] B\n  - Produces: `makeKey(user: User): string`", files: ["b.ts"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["B→A symbol"]);
  });

  test("as verbs say", () => {
    const tasks = [
      { id: "A", text: "- [ ] Implement `RateLimiter`", files: ["a.ts"] },
      { id: "B", text: "- [ ] Call `RateLimiter` in the login handler", files: ["b.ts"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["A→B symbol"]);
  });

  test("and not where two make it, or where it is only the place of the work", () => {
    const both = ["A", "B"].map((id) => ({ id, text: "- [ ] Create `RateLimiter`", files: [`${id}.ts`] }));
    const user = { id: "C", text: "- [ ] Use `RateLimiter`", files: ["c.ts"] };
    expect(edgesOf({ tasks: [...both, user] })).toEqual([]);
    const place = { id: "A", text: "- [ ] Add a method to `RateLimiter`", files: ["a.ts"] };
    expect(edgesOf({ tasks: [place, user] })).toEqual([]);
  });

  test("words alone only raise a question between tasks that are both marked parallel", () => {
    const tasks = [
      { id: "A", text: "- [ ] Implement `RateLimiter`", files: ["a.ts"], parallel: true },
      { id: "B", text: "- [ ] Call `RateLimiter` at login", files: ["b.ts"], parallel: true },
    ];
    expect([edgesOf({ tasks }), doubtsOf({ tasks })]).toEqual([[], ["A before B"]]);
  });
});

describe("the repository", () => {
  const tasks = [
    { id: "A", files: ["src/clock.ts"] },
    { id: "B", files: ["src/limiter.ts"] },
  ];
  const imports = new Map([["src/limiter.ts", ["src/clock.ts"]]]);

  test("asks about files that import each other, and is sure when the task speaks of what it imports", () => {
    const known = repository({ imports });
    expect([edgesOf({ tasks }, known), doubtsOf({ tasks }, known)]).toEqual([[], ["A before B"]]);
    const speaking = tasks.map((task) => ({ ...task, text: `- [ ] ${task.id} uses the clock` }));
    expect(edgesOf({ tasks: speaking }, known)).toEqual(["A→B inferred"]);
  });

  test("keeps apart what history always changes together, and asks about what it often does", () => {
    const files = ["src/clock.ts", "src/limiter.ts"] as const;
    const always = repository({ coChanges: [{ files, together: 9, of: 9 }] });
    expect(linked({ tasks }, always).locks.map(({ on, kind, capacity }) => [on, kind, capacity])).toEqual([
      ["src/clock.ts and src/limiter.ts", "history", 1],
    ]);
    expect(doubtsOf({ tasks }, repository({ coChanges: [{ files, together: 3, of: 4 }] }))).toEqual(["A apart B"]);
  });

  test("tells whether `A.ts` and `a.ts` are one file", () => {
    const both = [
      { id: "A", files: ["src/Clock.ts"] },
      { id: "B", files: ["SRC/clock.ts"] },
    ];
    expect(linked({ tasks: both }).locks).toEqual([]);
    expect(linked({ tasks: both }, repository({ ignoreCase: true })).locks).toHaveLength(1);
  });
});

test("whatever is found, there is no cycle", () => {
  const line = fc.constantFrom(
    "Create `RateLimiter`",
    "Use `RateLimiter`",
    "Implement `makeKey()`",
    "Call `makeKey()`",
    "Add tests for the rate limiter",
    "Create the rate limiter",
  );
  const file = fc.constantFrom(
    "+src/limiter.ts",
    "src/limiter.ts",
    "+test/limiter.test.ts",
    "+src/",
    "src/key.ts",
    "?src/key.ts",
  );
  const task = fc.record({
    title: line,
    files: fc.array(file, { maxLength: 3 }),
    after: fc.option(fc.nat(5), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(task, { minLength: 2, maxLength: 8 }), (sketches) => {
      const tasks = sketches.map(({ title, files, after }, index) => ({
        id: `T${index}`,
        title,
        text: `- [ ] ${title}`,
        files,
        dependsOn: after === null || after >= index ? [] : [`T${after}`],
      }));
      const known = repository({
        imports: new Map([
          ["src/key.ts", ["src/limiter.ts"]],
          ["src/limiter.ts", ["src/key.ts"]],
        ]),
      });
      const { edges } = linked({ tasks }, known);
      const number = (id: string): number => Number(id.slice(1));
      expect(
        cyclicArcs(
          tasks.length,
          edges.map(({ from, to }) => ({ from: number(from), to: number(to) })),
        ),
      ).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
