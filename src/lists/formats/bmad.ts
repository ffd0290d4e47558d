import { isMap, isScalar } from "yaml";
import type { Phase, SetAside } from "../../model/list.ts";
import type { Place } from "../../model/place.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { resolveFields } from "../dependencies.ts";
import { readFields } from "../fields.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import { outline } from "../markdown/outline.ts";
import { byNumber } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { textOf, valueOf } from "../values.ts";
import { walk } from "../markdown/walk.ts";

/** BMAD: stories from `sprint-status.yaml`, `epics.md` and story files; a story file alone is a list of its tasks. */
export const bmad: Format = {
  name: "bmad",
  title: "BMAD stories",
  path: /(?:^|\/)_bmad-output\//,
  folder: (path) => {
    const parts =
      /^(.*\/)?(?:sprint-status\.yaml|epics?(?:-[^/]*)?\.md|\d+-\d+[a-z]?-[^/]+\.md|\d+\.\d+[a-z]?\.[^/]*\.md)$/.exec(
        path,
      );
    return parts
      ? (parts[1] ?? "").replace(/(?<=^|\/)(?:(?:planning|implementation)-artifacts|stories|epics|prd)\/$/, "")
      : null;
  },
  main: /(?:^|\/)(?:sprint-status\.yaml|epics\.md)$/,
  page: {
    where: "`sprint-status.yaml`, the epics or a story",
    order: "stories of an epic one after another",
    ticked: "its status",
  },
  waits: { kind: "none", why: "BMAD takes its stories in the order of the list and writes no dependencies" },
  detect,
  read,
};

const epicHeading = /^Epic\s+(\d+)\s*:?\s*(.*)$/i;
const storyHeading = /^Story\s+(\d+)\.(\d+[a-z]?)\s*:?\s*(.*)$/i;
const storyKey = /^(\d+)-(\d+)([a-z]?)-(.+)$/;

/** `Status: ready-for-dev` of a story file, which also has a heading for its tasks. */
function isStory({ markdown }: Source): boolean {
  const tasks = markdown.headings.some(({ name }) => /^Tasks(?: \/ Subtasks)?$/i.test(name));
  return (
    tasks && markdown.headings.some(({ name }) => storyHeading.test(name)) && statusLine(markdown.lines) !== undefined
  );
}

function statusLine(lines: Source["markdown"]["lines"]): Source["markdown"]["lines"][number] | undefined {
  return lines.slice(0, 60).find(({ text }) => /^\**Status\**:/i.test(text));
}

function storiesIn({ markdown }: Source): number {
  return markdown.headings.filter(({ name }) => storyHeading.test(name)).length;
}

function detect(source: Source): Detection | null {
  const files = together(source);
  if (files.some(({ data }) => isMap(valueOf(data?.root, "development_status"))))
    return { score: 0.95, evidence: "a sprint status with `development_status`" };
  const stories = files.filter(isStory).length;
  if (stories > 0) return { score: 0.9, evidence: `${stories} story files with \`Status\` and Tasks` };
  const epics = files.filter(({ markdown }) => markdown.headings.some(({ name }) => epicHeading.test(name)));
  const told = epics.reduce((sum, one) => sum + storiesIn(one), 0);
  return told < 2 ? null : { score: 0.85, evidence: `${told} story headings under epics` };
}

function read(source: Source): FormatList {
  const files = together(source);
  return files.length === 1 && isStory(source) ? readStory(source) : readStories(files);
}

/** One story file: its numbered tasks one after another, with their subtasks as steps. */
function readStory(source: Source): FormatList {
  const { markdown } = source;
  const walked = walk(markdown, ({ item }, { inside, headings }) => {
    if (!item?.box) return null;
    if (!headings.some((name) => /^Tasks(?: \/ Subtasks)?$/i.test(name)))
      return { aside: "not under the story's Tasks" };
    return inside ? { aside: `a step of the task on line ${inside.line.place.line}` } : "task";
  });
  const describe = (): Omit<Phase, "name" | "parent" | "place"> => ({
    number: null,
    kind: null,
    story: null,
    parallel: null,
    ordered: true,
  });
  const made = outline(markdown, walked, { phaseOf: () => -1, describe, firstNumber: 1 });
  return {
    ...nothing,
    ...made,
    title: markdown.headings[0]?.name ?? null,
    order: "sequence",
    setAside: walked.setAside,
    boxes: markdown.boxes,
    diagnostics: [...markdown.diagnostics, ...made.diagnostics],
  };
}

interface Story {
  readonly task: ListedTask;
  readonly epic: string;
}

/** All stories: the sprint status says which there are and in what order, epics and story files say what they are. */
function readStories(files: readonly Source[]): FormatList {
  const told = new Map<string, Story>();
  for (const source of files)
    for (const story of toldIn(source)) {
      const known = told.get(story.task.id)?.task;
      const both = known ? { ...story.task, dependsOn: [...known.dependsOn, ...story.task.dependsOn] } : story.task;
      told.set(story.task.id, { ...story, task: both });
    }
  const setAside: SetAside[] = [];
  const listedStories = files.flatMap((source) => fromStatus(source, told, setAside));
  const stories =
    listedStories.length > 0 ? listedStories : [...told.values()].toSorted((a, b) => byNumber(a.task.id, b.task.id));
  const epics = [...new Set(stories.map(({ epic }) => epic))];
  const phases = epics.map((epic): Phase => {
    const found = files.flatMap(({ markdown }) =>
      markdown.headings.filter(({ name }) => epicHeading.exec(name)?.[1] === epic),
    )[0];
    const place = stories.find((story) => story.epic === epic)?.task.source ?? {
      file: files[0]?.file ?? "",
      line: 1,
      column: 1,
    };
    return {
      name: found?.name ?? `Epic ${epic}`,
      number: epic,
      kind: null,
      story: null,
      parallel: null,
      ordered: true,
      parent: null,
      place,
    };
  });
  const tasks = stories.map(({ task, epic }) => ({
    ...task,
    phase: phases[epics.indexOf(epic)]?.name ?? null,
    phaseIndex: epics.indexOf(epic),
  }));
  for (const { file, markdown } of files)
    for (const { boxed, text, place } of markdown.lines)
      if (boxed)
        setAside.push({
          file,
          line: place.line,
          text,
          reason: "a step or criterion of a story: with several stories the stories are the tasks",
        });
  const boxes = files.reduce((sum, { markdown }) => sum + markdown.boxes, 0);
  const resolved = resolveFields(tasks, { counts: "unmet", where: "no story of this project" });
  return { ...nothing, ...resolved, phases, order: "sequence", setAside, boxes };
}

/** `development_status`, in its order. Keys of epics and retrospectives are no stories. */
function fromStatus({ file, data, markdown }: Source, told: ReadonlyMap<string, Story>, setAside: SetAside[]): Story[] {
  const map = valueOf(data?.root, "development_status");
  if (!data || !isMap(map)) return [];
  return map.items.flatMap(({ key, value }): Story[] => {
    const name = isScalar(key) ? String(key.value) : "";
    const place = data.at(key);
    const [, epic, number = "", letter = "", slug = ""] = storyKey.exec(name) ?? [];
    if (epic === undefined) {
      setAside.push({
        file,
        line: place.line,
        text: markdown.lines[place.line - 1]?.text ?? name,
        reason: "an epic or a retrospective, not a story",
      });
      return [];
    }
    const id = `${epic}.${number}${letter}`;
    const known = told.get(id)?.task;
    const box = statusBox({ file, markdown }, data, value, { done: "done", open: "backlog" });
    const title = known?.title ?? slug.replaceAll("-", " ");
    const task = { ...(known ?? listed({ id, title, source: place })), status: statusOf(textOf(value)), box };
    return [{ task, epic }];
  });
}

/** Stories that headings tell of, with the text below each and what it depends on. */
function toldIn(source: Source): Story[] {
  const { file, markdown } = source;
  return markdown.headings.flatMap((heading, index): Story[] => {
    const [, epic, number, title = ""] = storyHeading.exec(heading.name) ?? [];
    if (epic === undefined || number === undefined) return [];
    const next = markdown.headings.slice(index + 1).find(({ level }) => level <= heading.level);
    const lines = markdown.lines.slice(heading.line + 1, next?.line);
    const place: Place = { file, line: heading.line + 1, column: 1 };
    const status = isStory(source) ? statusLine(markdown.lines) : undefined;
    const word =
      status?.text
        .slice(status.text.indexOf(":") + 1)
        .replaceAll(/[*`]/g, "")
        .trim() ?? "";
    const column = (status?.text.indexOf(word, status.text.indexOf(":")) ?? 0) + 1;
    const was = statusOf(word) === "done" ? word : "done";
    const box =
      status && word !== ""
        ? { file, line: status.place.line, column, was: word, done: was, open: "ready-for-dev", lineText: status.text }
        : null;
    const task = listed({
      id: `${epic}.${number}`,
      title: title === "" ? heading.name : title,
      body: lines
        .map(({ text }) => text)
        .join("\n")
        .trim(),
      source: place,
      status: statusOf(word),
      files: mergeFiles(filesIn(...lines.filter(({ text }) => text.length < 2000).map(({ text }) => text))),
      acceptance: lines.flatMap(({ text }) => (/^\s*\**(?:Given|When|Then)\b/.test(text) ? [text.trim()] : [])),
      dependsOn: lines.flatMap(dependenciesIn),
      box,
    });
    return [{ task, epic }];
  });
}

function dependenciesIn({ text, place }: { text: string; place: Place }): Reference[] {
  if (text.length > 1000) return [];
  const field = readFields(text).find(({ name }) =>
    /^(?:depends on|dependencies|prerequisites?|blocked by)$/.test(name),
  );
  const value = field?.value.replaceAll(/\([^()]*\)/g, "") ?? "";
  return [...value.matchAll(/(?<![\w.])[A-Z]?(\d+\.\d+[a-z]?)(?![\w.]\d)/g)].map(([, id = ""]) => ({
    text: id,
    place: { ...place, column: Math.max(1, text.indexOf(id) + 1) },
  }));
}
