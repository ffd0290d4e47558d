import type { Edit } from "../write/edits.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";

/** Something to mend, and the change that mends it where that is safe. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly mend: Edit | null;
}
