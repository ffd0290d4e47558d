import { defineConfig } from "vitest/config";

// One file at a time on one worker: the figures are times.
export default defineConfig({
  test: {
    include: ["test/bench/**/*.bench.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: ["verbose"],
  },
});
