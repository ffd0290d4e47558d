import { keep } from "../engines/headless/keeper/keeper.ts";
import type { Answer, Invocation } from "./command.ts";
import { wrongUse } from "./wrongUse.ts";

/** The process that stands over one headless worker: everything it learns it writes into the attempt's folder. */
export async function run({ positionals }: Invocation): Promise<Answer> {
  const [folder] = positionals;
  if (folder === undefined) return wrongUse("`keep` needs the folder of an attempt");
  return { out: "", err: "", code: (await keep(folder)) === 0 ? 0 : 1 };
}
