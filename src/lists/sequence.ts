import type { FormatList } from "./format.ts";
import type { Outlined } from "./markdown/outline.ts";

const label =
  /(?:^|\|)[\s>*_`•+-]*(?:depends?(?: on)?|dependenc(?:y|ies)|blocked[ -]by|prerequisites?|dependencias|dependências|dépendances|abhängigkeiten|зависимости|依赖|依存|依賴|의존)[^:：|]{0,12}[:：]/i;
/** The same in brackets, at the end of a title: `(depends: none)`, `(after 2)`. */
const inBrackets = /[(（[]\s*(?:depends?\b|deps\b|blocked by\b|needs\b|requires\b|after\b|no dependencies\b)/i;
const aboutOrder = /dependenc|task graph|execution order|task order|critical path|dependencias|dependências|依赖|依存/i;
const notGraph = /strateg|example|note|opportunit/i;

/**
 * Order of a list whose tool goes from top to bottom. The list's own word is stronger: where most of its tasks say what
 * they wait for, or a drawing names most of them, nothing else holds; where phases say it, each of them is a sequence.
 */
export function inSequence(made: Outlined): Pick<FormatList, "order" | "phases"> {
  const { tasks, phases, prose } = made;
  const loose = phases.map((phase) => ({ ...phase, ordered: false }));
  const own = tasks.filter((task) => task.lines.some((line) => label.test(line.text))).length;
  // each task, but for a first one that has nothing to wait for
  const [, ...later] = tasks;
  const throughout =
    later.length > 0 && later.every(({ lines }) => lines.some(({ text }) => label.test(text) || inBrackets.test(text)));
  if (throughout || own * 2 > tasks.length) return { order: "none", phases: loose };
  const graph = prose.filter(
    ({ headings, fence }) =>
      headings.some((heading) => aboutOrder.test(heading)) &&
      !notGraph.test(headings.at(-1) ?? "") &&
      (fence === null || !/json/.test(fence)),
  );
  // A line that joins ids; one that only names a task leaves its neighbours to the drawing around it.
  const joined = graph.filter(({ text }) => /->|→|──|└|├|depends|before|after|blocks/i.test(text));
  const named = new Set(
    joined
      .flatMap(({ text }) => {
        const ids = text.match(/[A-Za-z]{0,5}\d[\w.]*/g) ?? [];
        return ids.length > 1 || /[└├]/.test(text) ? ids : [];
      })
      .map(plain),
  );
  const inGraph = tasks.filter(({ writtenId }) => named.has(plain(writtenId))).length;
  if (inGraph * 2 > tasks.length) return { order: "none", phases: loose };
  const phaseWords = /\b(?:phases?|task groups?)\s+\d/i;
  const byPhase =
    prose.some(({ text, phaseIndex }) => phaseIndex !== null && label.test(text)) ||
    graph.some(({ text }) => phaseWords.test(text) && /depend|after|before|→|->/i.test(text));
  return byPhase && phases.length > 1
    ? { order: "barriers", phases: phases.map((phase) => ({ ...phase, ordered: true })) }
    : { order: "sequence", phases: loose };
}

/** `T1`, `1.` and `1` are one. */
function plain(id: string): string {
  return id
    .toLowerCase()
    .replace(/^t-?(?=\d)/, "")
    .replace(/\.$/, "");
}
