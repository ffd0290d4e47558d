/** What linking may know of the repository beside the list. All of it only ever adds evidence. */
export interface Repository {
  /** Full path of the project with `/` between its parts: absolute paths below it are the project's own. */
  readonly root: string;
  /** Whether the file system holds `A` and `a` for one name. */
  readonly ignoreCase: boolean;
  /** Files under version control, relative to the project. */
  readonly files: readonly string[];
  /** Files that hand on what lies beside them (`index.ts`, `__init__.py`, `mod.rs`), as far as tasks add to their folders. */
  readonly barrels: readonly string[];
  /** For each file that a task names: the files of the project that it imports. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly coChanges: readonly CoChange[];
}

/** Two files that git history changes together: in `together` commits of the `of` that change the rarer one. */
export interface CoChange {
  readonly files: readonly [string, string];
  readonly together: number;
  readonly of: number;
}
