import { defineConfig } from "vitest/config";

/** Only a hang takes so long: tests wait for events, and each wait names its own after ten minutes. */
const hang = 30 * 60_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: hang,
    hookTimeout: hang,
    maxWorkers: 2,
  },
});
