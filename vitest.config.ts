import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 90_000,
    // Many tests drive real processes, a real client and real terminals: where nobody can look, one that failed is tried once more,
    // and says so. Locally nothing is.
    retry: process.env["CI"] === undefined ? 0 : 1,
    maxWorkers: 2,
  },
});
