import { inField } from "../write/syntax.ts";
import { isMap } from "yaml";
import type { ListedTask, Reference } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesFrom, listed, nothing } from "../listed.ts";
import { byNumber } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { itemsOf, referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** Spec Kitty: work packages `tasks/WP01-….md` of a mission, with `tasks.md` and the computed `lanes.json`. */
export const specKitty: Format = {
  name: "spec-kitty",
  title: "Spec Kitty work packages",
  path: /(?:^|\/)kitty-specs\//,
  folder: (path) => {
    const parts = /^(.*\/)?(?:WP\d+[^/]*\.md|lanes\.json|tasks\.md)$/.exec(path);
    return parts ? (parts[1] ?? "").replace(/(?<=^|\/)tasks\/(?:(?:planned|doing|for_review|done)\/)?$/, "") : null;
  },
  main: /(?:^|\/)(?:tasks\.md|lanes\.json)$/,
  page: { where: "the mission's folder", order: "its lanes, else what it states", ticked: "its front matter" },
  waits: inField("dependencies"),
  detect,
  read,
};

function packageId(source: Source): string | null {
  return textOf(valueOf(source.frontMatter.data?.root, "work_package_id"));
}

function detect(source: Source): Detection | null {
  const packages = together(source).filter((one) => packageId(one) !== null).length;
  if (packages === 0) return null;
  const lanes = together(source).some(({ data }) => itemsOf(valueOf(data?.root, "lanes")).length > 0);
  return { score: 0.95, evidence: `${packages} files with \`work_package_id\`${lanes ? ", and lanes.json" : ""}` };
}

const missing: Missing = { counts: "unmet", where: "no work package of this mission" };

function read(source: Source): FormatList {
  const files = together(source);
  const lanes = lanesOf(files);
  const ticked = tickedPackages(files);
  const packages = files.filter((one) => packageId(one) !== null);
  const written = packages.map((one) => taskOf(one, lanes, ticked));
  written.sort((a, b) => byNumber(a.id, b.id));
  const mission = files.find(({ data }) => valueOf(data?.root, "lanes") !== null)?.data?.root;
  return {
    ...nothing,
    ...boxesAside(files, "a step of a work package: in Spec Kitty the WP files are the tasks"),
    title: textOf(valueOf(mission, "mission_slug", "feature_slug")),
    ...resolveFields(written, missing),
  };
}

interface Lane {
  readonly id: string;
  readonly waits: readonly Reference[];
}

/**
 * The lane of each package. Packages of one lane share a worktree, so they run one at a time; a lane waits for all
 * packages of the lanes that it depends on.
 */
function lanesOf(files: readonly Source[]): ReadonlyMap<string, Lane> {
  const lanes = new Map<string, Lane>();
  for (const { data } of files) {
    if (!data || !isMap(data.root)) continue;
    const entries = itemsOf(valueOf(data.root, "lanes"));
    const members = new Map(
      entries.map((lane) => [textOf(valueOf(lane, "lane_id")) ?? "", textsOf(valueOf(lane, "wp_ids"))]),
    );
    for (const lane of entries) {
      const id = textOf(valueOf(lane, "lane_id")) ?? "";
      const waits = referencesOf(data, valueOf(lane, "depends_on_lanes")).flatMap(({ text, place }) =>
        (members.get(text) ?? []).map((wp): Reference => ({ text: wp, place, kind: "graph" })),
      );
      for (const wp of members.get(id) ?? []) lanes.set(wp, { id, waits });
    }
  }
  return lanes;
}

/** Packages of which `tasks.md` has subtask boxes, and whether all are ticked. */
function tickedPackages(files: readonly Source[]): ReadonlyMap<string, boolean> {
  const ticked = new Map<string, boolean>();
  for (const { file, markdown } of files) {
    if (!/(?:^|\/)tasks\.md$/.test(file)) continue;
    for (const { item, heading } of markdown.lines) {
      if (!item?.box) continue;
      const wp =
        /\((WP\d+)\)/.exec(item.content)?.[1] ?? /\b(WP\d+)\b/.exec(markdown.headings[heading]?.name ?? "")?.[1];
      if (wp !== undefined) ticked.set(wp, (ticked.get(wp) ?? true) && /^[xX]$/.test(item.box.state));
    }
  }
  return ticked;
}

function taskOf(source: Source, lanes: ReadonlyMap<string, Lane>, ticked: ReadonlyMap<string, boolean>): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const id = packageId(source) ?? "";
  const { body, acceptance } = bodyOf(source);
  const lane = valueOf(root, "lane");
  const folder = /\/tasks\/(planned|doing|for_review|done)\//.exec(source.file)?.[1] ?? null;
  const written = textOf(lane) ?? folder;
  const own = lanes.get(id);
  return listed({
    id,
    title: textOf(valueOf(root, "title")) ?? id,
    body,
    source: data?.place([]) ?? { file: source.file, line: 1, column: 1 },
    status: written === null ? (ticked.get(id) === true ? "done" : "pending") : statusOf(written),
    model: textOf(valueOf(root, "model")) || null,
    resources: own ? [own.id] : [],
    files: mergeFiles([
      ...filesFrom(textsOf(valueOf(root, "owned_files"))),
      ...filesFrom(textsOf(valueOf(root, "create_intent")), "create"),
    ]),
    acceptance,
    requirements: textsOf(valueOf(root, "requirement_refs")),
    dependsOn: [...(data ? referencesOf(data, valueOf(root, "dependencies")) : []), ...(own?.waits ?? [])],
    box: data ? statusBox(source, data, lane, { done: "done", open: "planned" }) : null,
  });
}
