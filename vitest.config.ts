import { defineConfig } from "vitest/config";

/** Only a hang takes so long: tests wait for events, and each wait names its own after ten minutes. */
const hang = 30 * 60_000;

/** Tests that drive the real client. */
const client = ["test/client/**/*.test.ts", "test/engines/headless/worker/client.test.ts"];
/** Tests that start helpers, workers and git again and again, try what happens by chance, or read the whole corpus. */
const campaigns = [
  "test/{bench,corpus,faults,fuzz,git,simulation}/**/*.test.ts",
  "test/engines/headless/{engines,inspect,resume,run}.test.ts",
  "test/engines/headless/worker/keeper.test.ts",
  "test/commands/{clean,cli,demo,requestHeadless,watch}.test.ts",
  "test/hostile/*.test.ts",
  "test/lists/{corpusSets,markFields,real}.test.ts",
  "test/link/corpus.test.ts",
];

const limits = { testTimeout: hang, hookTimeout: hang };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...limits, name: "unit", include: ["test/**/*.test.ts"], exclude: [...campaigns, ...client] } },
      { test: { ...limits, name: "campaigns", include: campaigns } },
      { test: { ...limits, name: "client", include: client } },
    ],
  },
});
