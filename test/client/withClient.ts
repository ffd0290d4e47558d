import { beforeAll, beforeEach, describe } from "vitest";
import { fetchClient } from "./fetch.ts";
import { hasTmux, inCi } from "./find.ts";

/**
 * Registers tests that drive the real client. It is fetched before the first of them runs, where the machine has none. Without
 * one they are skipped with the reason; in CI they fail with it.
 */
export function withClient(name: string, tests: () => void): void {
  register(name, tests, whyNoClient);
}

/** The same for tests in a terminal, which need tmux beside the client. */
export function withTerminal(name: string, tests: () => void): void {
  register(name, tests, async () => (hasTmux() ? whyNoClient() : "there is no tmux"));
}

function register(name: string, tests: () => void, whyNot: () => Promise<string | null>): void {
  describe(`${name} (real client)`, () => {
    let missing: string | null = null;
    beforeAll(async () => {
      missing = await whyNot();
    });
    beforeEach((context) => {
      if (missing === null) return;
      if (inCi) throw new Error(`in CI nothing is skipped: ${missing}`);
      context.skip(missing);
    });
    tests();
  });
}

async function whyNoClient(): Promise<string | null> {
  return process.env["ORCHESTRATE_NO_CLIENT"] === "1" ? "ORCHESTRATE_NO_CLIENT=1 leaves the client out" : fetchClient();
}
