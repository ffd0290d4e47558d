import type { Ledger } from "../../../git/ledger.ts";
import type { PlanIndex } from "../../../run/planIndex.ts";
import type { RunState } from "../../../model/run.ts";
import type { Happening } from "../engine/effect.ts";

/** What an effect needs to be carried out. */
export interface Surroundings {
  readonly project: string;
  /** The run's own folder. */
  readonly folder: string;
  readonly index: PlanIndex;
  /** As it is at this moment: it changes with every event. */
  readonly state: RunState;
  /** Our own repository of the run: all of git goes through it. */
  readonly ledger: Ledger;
  /** Full path of the program to start a keeper with. */
  readonly cli: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the supervisor: in the environment of the checks that it runs. */
  readonly token: string;
  readonly tell: (happening: Happening) => void;
  /** Aborted when the run stops: checks and merges under way end, and tell nothing. */
  readonly aborted: AbortSignal;
}
