import { join } from "node:path";
import { visible } from "../text/escape.ts";
import type { World } from "./command.ts";
import { configName, projectOf } from "./load.ts";
import { isFile } from "./sources.ts";

/** Options that lie in the present folder and do not hold, for the project is one above and nobody named it. At most one line. */
export function otherOptions(named: string | undefined, world: World): string[] {
  const project = projectOf(named, world);
  if (named !== undefined || project === world.cwd || !isFile(join(world.cwd, configName))) return [];
  return [
    `The project is ${visible(project)}, so that the ${configName} of the present folder does not count; \`--project .\` takes this folder instead.`,
  ];
}
