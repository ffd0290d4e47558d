// A process that has nothing to do with any run: writes down every signal that it gets, and lives on.
import { appendFileSync } from "node:fs";

const [heard] = process.argv.slice(2);
for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "SIGCONT", "SIGUSR1", "SIGUSR2"])
  process.on(name, () => appendFileSync(heard, `${name}\n`));
appendFileSync(heard, "ready\n");
setInterval(() => undefined, 1_000);
