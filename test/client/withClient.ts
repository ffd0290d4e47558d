import { describe, expect, test } from "vitest";
import { clientIsMissing, findClient, hasTmux } from "./find.ts";

/**
 * Registers tests that drive the real client. Without one they fail with what to do; with ORCHESTRATE_NO_CLIENT=1
 * one test stands for them all and says in its name that they were left out.
 */
export function withClient(name: string, tests: () => void): void {
  if (process.env["ORCHESTRATE_NO_CLIENT"] === "1") registerLeftOut(name, "ORCHESTRATE_NO_CLIENT=1");
  else if (findClient() === null) registerMissing(name);
  else registerAll(name, tests);
}

function registerAll(name: string, tests: () => void): void {
  describe(`${name} (real client)`, () => {
    tests();
  });
}

/** The same for tests in a terminal, which need tmux beside the client. In CI they are never left out. */
export function withTerminal(name: string, tests: () => void): void {
  if (hasTmux() || process.env["CI"] !== undefined) withClient(name, tests);
  else registerLeftOut(name, "there is no tmux");
}

function registerLeftOut(name: string, reason: string): void {
  test(`${name}: LEFT OUT, nothing of it was tested, because ${reason}`, () => {
    expect(process.env["ORCHESTRATE_NO_CLIENT"] === "1" || !hasTmux()).toBe(true);
  });
}

function registerMissing(name: string): void {
  test(`${name}: needs the Claude Code client`, () => expect.fail(clientIsMissing));
}
