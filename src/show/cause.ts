/** A likely cause of failures, and what to do about it. */
export interface Cause {
  readonly what: string;
  /** Without the command that goes on afterwards: that depends on what the task and the run have come to. */
  readonly todo: string;
}

/** Known causes by the words that tools and clients use for them; the first that fits. */
const known: readonly { readonly words: RegExp; readonly cause: (found: RegExpExecArray) => Cause }[] = [
  {
    words:
      /not logged in|please run \/login|invalid api key|authentication[_ ](?:error|failed)|oauth token|\blog in\b/i,
    cause: () => ({
      what: "not logged in",
      todo: "log in with `claude` or set ANTHROPIC_API_KEY (`doctor` looks at it)",
    }),
  },
  {
    words: /ENOSPC|no space left|disk (?:is )?full/i,
    cause: () => ({
      what: "no space left on the disk",
      todo: "free some space (`doctor` says how much is needed)",
    }),
  },
  {
    words: /cannot pay for requests|credit balance|billing_error/i,
    cause: () => ({ what: "the account has no credit left", todo: "add credit" }),
  },
  {
    words: /leaves no room for another worker/i,
    cause: () => ({ what: "the run's budget is used up", todo: "raise `budgetPerRun`" }),
  },
  {
    words: /budget|spent the dollars/i,
    cause: () => ({ what: "the budget is used up", todo: "raise `budgetPerTask`" }),
  },
  {
    // A worker that is blocked speaks of its task.
    words: /^(?!blocked: ).*?(?:rate.?limit|usage limit|session limit|\b429\b|overloaded)/is,
    cause: () => ({
      what: "the service takes no more for now",
      todo: "wait for the reset, or lower `maxWorkers`",
    }),
  },
  {
    words:
      /(?:cannot find module|no module named|module not found:?(?: error:)?(?: can't resolve)?|unresolved import|cannot find package)\s*[:=]?\s*['"‘“`]?([\w@./-]+)/i,
    cause: ([, name = ""]) => ({
      what: `Cannot find module '${name}'`,
      todo: "name what prepares a new worktree in `setup`, such as `pnpm install`, or let the task wait for the one that the module comes from",
    }),
  },
  {
    words: /EADDRINUSE|address already in use|port \d+ is (?:already )?in use/i,
    cause: () => ({ what: "a port is in use", todo: "let the checks listen on PORT, which differs for every worker" }),
  },
  {
    words: /\b([\w.-]+): (?:command )?not found|spawn ([\w./-]+) ENOENT/i,
    cause: ([, first, second]) => ({
      what: `${first ?? second ?? "a program"} is not installed`,
      todo: "install it, or put it on PATH (workers get your PATH)",
    }),
  },
  {
    words: /runs with the permission mode/i,
    cause: () => ({
      what: "workers begin in another permission mode than was asked for",
      todo: "see what sets it (the client's settings, a policy), or set `permissionMode` to what it is",
    }),
  },
  {
    words: /could not be committed: .*permission denied/is,
    cause: () => ({
      what: "a file that cannot be read",
      todo: "make it readable in the task's worktree (`inbox` says where), or remove it",
    }),
  },
  {
    words: /permission (?:denied|mode)|not allowed to|requires? approval|EACCES|may not use/i,
    cause: () => ({
      what: "something was not permitted",
      todo: "name the tools that workers need in `allowedTools`",
    }),
  },
  {
    words: /out of memory|heap out|ENOMEM|oom-?kill|SIGKILL/i,
    cause: () => ({
      what: "killed, or out of memory",
      todo: "lower `maxWorkers` or set `adaptive: true` (`doctor` says what this machine bears)",
    }),
  },
  {
    words:
      /took (?:more|longer) than|was not done after|timed?.?out|said nothing|printed nothing (?:for|in the first)|fell silent|was silent/i,
    cause: () => ({
      what: "took too long or fell silent",
      todo: "split the tasks, or raise `timeout`, `idleTimeout` or `startTimeout`, whichever it met",
    }),
  },
  {
    words: /conflicts? in /i,
    cause: () => ({
      what: "a merge conflict",
      todo: "resolve it in the task's worktree (`inbox` says where)",
    }),
  },
];

/** The known cause that a failure's words point at, or null. */
export function causeOf(words: string): Cause | null {
  for (const { words: pattern, cause } of known) {
    const found = pattern.exec(words.slice(0, 4_000));
    if (found !== null) return cause(found);
  }
  return null;
}

/** A failure's words without what differs between two of the same kind: ids, numbers, digests, folders, names of files. */
export function normalised(words: string, task: string): string {
  return words
    .slice(0, 2_000)
    .replaceAll(task, "…")
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, "…")
    .replaceAll(/(?:\.{0,2}\/)?(?:[\w@.-]+\/)+/g, "")
    .replaceAll(/[\w@-][\w@.-]*\.[a-z]\w{0,5}\b/gi, "…")
    .replaceAll(/\d+(?:\.\d+)?/g, "…")
    .replaceAll(/…(?:,? (?:and )?…)+/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .slice(0, 160);
}

/** The first command in backticks that the words name. */
export function commandIn(words: string): string | null {
  return /`([^`\n]{1,200})`/.exec(words.slice(0, 4_000))?.[1] ?? null;
}

/** Paths of files that the words name, each once. */
export function filesIn(words: string): string[] {
  const found = words.slice(0, 4_000).match(/(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[A-Za-z]\w{0,5}(?![\w/(])/g) ?? [];
  return [...new Set(found.map((path) => path.replace(/^\.\//, "")))];
}
