/** What a name, a title or an item says by itself about being a list of work. */

const planFile =
  /(?:^|\/)(?:[^/]*[-_. ])?(?:tasks?|todos?|plan|roadmap|backlog|milestones?|task-?breakdown|work-?items|checklist|tareas|tarefas|taches|aufgaben|任务清单|任务)(?:[-_. ][^/]*)?\.(?:md|markdown|mdx)$/i;

/** Whether a file is named as lists of work are. */
export function isNamedAsPlan(file: string): boolean {
  return planFile.test(file);
}

const record =
  /^(?:adr\b|adr-?\d|architecture decision|decision records?|retrospective|post-?mortem|findings|lessons|learnings|.*\b(?:findings|retrospective|post-?mortem|principles|decision log|decision record|learnings|flows|evidence|changelog|release notes|troubleshooting|investigation report)\b)|(?:原则|原則|复盘|回顾|振り返り|決定記録|验收证据|证据)/iu;

/** Whether a document says that it records something: a decision, findings, a retrospective, principles. */
export function isRecord(title: string, headings: readonly string[]): boolean {
  if (record.test(title.replaceAll(/^[\W_]+/gu, ""))) return true;
  const has = (test: RegExp): boolean => headings.some((name) => test.test(name));
  return (
    has(/^(?:decision|決定|决定|decisi[oó]n|décision|entscheidung)$/iu) &&
    has(
      /^(?:context|コンテキスト|背景|contexto|contexte|kontext|consequences|consecuencias|conséquences|konsequenzen)$/iu,
    )
  );
}

const verbs = new Set(
  `add adjust adopt align allow analyze apply archive ask assemble assign audit automate backfill benchmark bind bootstrap build bump bundle cache change check
  clean collect commit compile complete compute configure confirm connect consolidate convert copy cover create cut debug decide declare decouple define delete
  deliver deploy deprecate derive design detect develop disable discover display document download draft draw drop emit enable encrypt enforce enhance ensure
  establish evaluate execute expand export expose extend extract fetch fill finalize finish fix format generate get handle harden hide hook identify implement
  import improve include index initialize inject insert inspect install instrument integrate introduce investigate isolate join launch let link lint list load
  localize log make map mark measure merge migrate mock modify monitor mount move normalize notify open optimize order organize package parse patch persist pin
  plan polish populate port prepare prevent print process produce profile protect provide provision prune publish pull push put rebuild record reduce refactor
  register release remove rename render reorganize replace report research reset resolve restrict return review revise rewrite roll route run save scaffold
  schedule seed select send separate serve set setup ship show simplify split start stop store stub style submit support switch sync tag teach test tidy tighten
  track train translate trigger trim tune turn unify update upgrade upload use validate verify wire wrap write`.split(
    /\s+/,
  ),
);
const otherVerbs =
  /^(?:添加|新增|实现|实作|创建|建立|修改|更新|删除|移除|编写|设计|测试|部署|集成|接入|配置|优化|重构|修复|完善|定义|迁移|替换|封装|初始化|安装|整理|补充|支持|确认|验证|crear?|añadir|agregar|implementar|actualizar|configurar|escribir|definir|diseñar|desarrollar|integrar|criar|adicionar|atualizar|escrever|desenvolver|corrigir|remover|créer|ajouter|implémenter|mettre|configurer|écrire|définir|développer|corriger|supprimer|modifier|tester|добавить|создать|реализовать|написать|обновить|удалить|настроить|исправить)(?![a-zà-ÿа-я])|(?:する|を追加|を作る|を作成|作成|追加|実装|固定する)$/iu;

/** Whether a title tells somebody to do something: it begins with a verb in the imperative. */
export function isImperative(title: string): boolean {
  const words = title
    .slice(0, 300)
    .replace(/^[\s\p{Extended_Pictographic}\ufe0f*_`~[\]()]+/u, "")
    .replace(/^(?:T?\d[\w.-]*|[A-Z]{1,5}-?\d+)[:.)]?\s+/, "");
  const word = /^[A-Za-z]+/.exec(words)?.[0].toLowerCase() ?? "";
  return verbs.has(word) || otherVerbs.test(words.trim());
}
