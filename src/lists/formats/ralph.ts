import { inField } from "../write/syntax.ts";
import { resolveFields } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing, notThis } from "../listed.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox } from "../statusField.ts";
import { booleanOf, itemsOf, referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** Ralph: `prd.json`, user stories that a loop takes one by one, by priority, until each `passes`. */
export const ralph: Format = {
  name: "ralph",
  title: "Ralph prd.json",
  path: /(?:^|[/-])prd\.json$/,
  page: { where: "the file", order: "one after another, unless it states", ticked: "its `passes`" },
  waits: inField("dependsOn", "dependencies"),
  detect,
  read,
};

function detect({ data }: Source): Detection | null {
  const stories = itemsOf(valueOf(data?.root, "userStories"));
  const own = stories.filter(
    (story) => valueOf(story, "passes") !== null || valueOf(story, "acceptanceCriteria") !== null,
  );
  return own.length === 0 ? null : { score: 0.95, evidence: `${own.length} \`userStories\` with \`passes\`` };
}

function read(source: Source): FormatList {
  const { data } = source;
  if (!data) return notThis(source, "a `prd.json` with `userStories`");
  const stories = itemsOf(valueOf(data.root, "userStories")).map((story, index) => {
    const text = (key: string): string | null => textOf(valueOf(story, key));
    const passes = valueOf(story, "passes");
    const id = text("id") ?? String(index + 1);
    const acceptance = textsOf(valueOf(story, "acceptanceCriteria"));
    const task = listed({
      id,
      title: text("title") ?? id,
      body: [text("description"), text("notes")].filter((part) => part !== null && part !== "").join("\n\n"),
      source: data.at(story),
      status:
        booleanOf(passes) === true ? "done" : booleanOf(valueOf(story, "inProgress")) === true ? "running" : "pending",
      files: mergeFiles(filesIn(text("description"), ...acceptance)),
      acceptance,
      dependsOn: referencesOf(data, valueOf(story, "dependsOn", "dependencies")),
      box: statusBox(source, data, passes, { done: "true", open: "false" }),
    });
    return { task, priority: Number(text("priority") ?? index + 1) };
  });
  stories.sort((a, b) => a.priority - b.priority || 0);
  const tasks = stories.map(({ task }) => task);
  // The loop goes by priority; where stories name what they wait for, that is the order.
  const stated = tasks.some(({ dependsOn }) => dependsOn.length > 0);
  const resolved = resolveFields(tasks, { counts: "unmet", where: "no story of this file" });
  return { ...nothing, ...resolved, title: textOf(valueOf(data.root, "project")), order: stated ? "none" : "sequence" };
}
