/** What one verb of the helper is. The table of them makes the help, the completion and `docs/cli.md`. */
export interface Command {
  readonly name: string;
  /** One line, starting with a verb, no full stop. */
  readonly summary: string;
  /** Positional arguments as the help shows them, such as `SOURCE…`. */
  readonly usage: string;
  readonly options: readonly Option[];
  /** Command lines shown in the help, each with what it does. A test runs them. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Verbs that only our own files call (hooks, slash commands); the help lists them apart. */
  readonly internal?: boolean;
  readonly run: (input: Invocation) => Promise<Answer>;
}

export interface Option {
  /** Without dashes. */
  readonly name: string;
  /** Name of its value, as in `N`; absent for a switch. */
  readonly value?: string;
  /** One letter that says the same behind a single dash. */
  readonly short?: string;
  readonly summary: string;
}

/** A command line that was understood: values are still text. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  readonly world: World;
}

/** What a verb may know of its surroundings; tests give their own. */
export interface World {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Leaves this process only these variables, for good; absent where the process is not a command's alone. */
  readonly dropEnvironment?: (kept: Readonly<Record<string, string>>) => void;
  /** All of standard input, read once, as bytes of UTF-8. */
  readonly stdin: () => string;
  /** Asks the person in the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  readonly now: () => Date;
  /** Columns of the terminal, or null when standard output is none. */
  readonly columns: number | null;
  /** Whether standard output takes colours. */
  readonly colour: boolean;
  /** Full path of the helper as it was called, for lines such as `node "…/cli.mjs" next`. */
  readonly cli: string;
}

/** `out` and `err` are printed as they are; exit codes: 0 ok, 1 the plan or the run failed, 2 wrong use, 3 our bug, 4 a usage limit of unknown end. */
export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly code: 0 | 1 | 2 | 3 | 4;
  /** Goes on after `out` and `err` were printed, for as long as there is something to show; its code is then the exit code. */
  readonly live?: (screen: Screen) => Promise<Answer["code"]>;
}

/** Where a verb shows what happens while it happens. */
export interface Screen {
  readonly write: (text: string) => void;
  /** Of the terminal at this moment; null when standard output is none. */
  readonly size: () => { readonly columns: number; readonly rows: number } | null;
  readonly resized: (then: () => void) => void;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. A second Ctrl-C ends the process at once, after `restore`. */
  readonly interrupted: AbortSignal;
  /** Aborted when whoever read standard output is gone: nobody sees any more of it. */
  readonly closed: AbortSignal;
  /** What must be written whenever the process ends, however it ends: it shows the cursor again. */
  readonly restore: (text: string) => void;
}
