/*
 * What the words of a heading say about what stands under it, in the languages that lists are written in. A heading is
 * judged by its head: the last words before a colon, a bracket or a preposition (`Detailed Task Breakdown (v2)`).
 */

/** `tasks`: what is to be done; `plan`: the same, in order; `criteria`: how to see that it is done; `prose`: neither. */
export type HeadingSort = "tasks" | "plan" | "criteria" | "prose";

/** Text that begins with one of the words. A word of an alphabet ends where its letters end; Chinese and Japanese run on. */
function startsWith(words: readonly string[]): RegExp {
  return new RegExp(`^(?:${words.join("|")})(?![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}])`, "iu");
}

/** Text that is one of the words. */
function isOneOf(words: readonly string[]): RegExp {
  return new RegExp(`^(?:${words.join("|")})$`, "iu");
}

const notes = [
  "notes?|notas?|remarques?|hinweise?|anmerkungen|заметки|примечани[ея]|nota|备注|备考|注意事项|注意|说明|備考|注記|メモ|補足|비고|참고",
];
const order = [
  "dependenc(?:y|ies)|execution order|(?:implementation|orchestration|execution) strategy|parallel (?:example|opportunit\\w*|execution)",
  "dependencias?|dependências?|dépendances?|abhängigkeiten?|зависимости|依赖(?:关系|图)?|执行顺序|依存関係|依存|実行順序|의존성|estrategia de (?:implementación|ejecución)|stratégie d[e’']\\s?(?:implémentation|exécution)",
];
const criteria = [
  "(?:acceptance|completion|success|exit|done|validation|verification|quality|release) criteria|definition of (?:done|ready)|(?:acceptance|validation|verification|quality|review|success) checklist|done when|quality gates?|success metrics|acceptance(?: tests?)?(?=\\s*(?:$|[:&(]))",
  "criterios? (?:de|para)(?: la| el)? (?:aceptaci[oó]n|[eé]xito|finalizaci[oó]n|validaci[oó]n|cierre|salida|completitud|terminado)|definici[oó]n de (?:hecho|terminado|listo|completado)|lista de (?:verificaci[oó]n|comprobaci[oó]n|chequeo)",
  "crit[eé]rios? de (?:aceita[cç][aã]o|aceite|sucesso|conclus[aã]o|valida[cç][aã]o|sa[ií]da)|defini[cç][aã]o de (?:pronto|conclu[ií]do|feito)|lista de verifica[cç][aã]o",
  "crit[eè]res? (?:d['’e]\\s?)?(?:acceptation|succ[eè]s|validation|r[eé]ussite|fin|sortie|recette)|d[eé]finition d(?:e|u) (?:fini|termin[eé]|pr[eê]t|done)|liste de (?:v[eé]rification|contr[oô]le)",
  "akzeptanzkriterien|abnahme(?:kriterien|bedingungen)?|erfolgskriterien|fertigstellungskriterien|abschlusskriterien|prüfliste|checkliste zur abnahme",
  "criteri(?:o)? di (?:accettazione|successo|completamento)|definizione di (?:fatto|completato)",
  "критери[ий] (?:при[её]мки|успеха|готовности|завершения|выхода)|определение готовности",
  "(?:任务|项目|整体|总体|功能)?(?:验收|驗收)(?:标准|標準|条件|清单|准则|要点)?|(?:验证|驗證|检查|核对|质量|测试)(?:清单|标准|列表|检查表|检查)|(?:完成|成功|退出|通过)(?:标准|条件|定义|准则)|质量(?:门|门禁|标准)",
  "(?:受け?入れ?|受入れ?|完了|成功|検収|合格|終了)(?:条件|基準|の定義|定義)|(?:確認|検証|動作確認)(?:項目|リスト|事項|チェックリスト)|チェックリスト",
  "(?:인수|수락|완료|성공|종료) ?(?:기준|조건|정의)|검증 ?(?:목록|체크리스트|기준)|체크리스트",
];
/** Criteria, but also the names of work that is to be done. */
const maybeCriteria = [
  "verification|validation|testing strategy|verificaci[oó]n|validaci[oó]n|verifica[cç][aã]o|valida[cç][aã]o|v[eé]rification|validierung|verifikation|verifica|проверка|验证|検証|검증|validazione",
];
const summaries = [
  "(?:task )?summary|overview|resumen|resumo|r[eé]sum[eé]|vue d['’]ensemble|vis[aã]o geral|zusammenfassung|überblick|übersicht|обзор|итоги|概述|概览|总览|概要|まとめ|サマリー|요약|개요",
];
const asides = [
  "(?:review )?checklist|(?:task )?format|path conventions|execution flow|task generation rules|risks?|open questions|out of scope|references?|issue sync|validation checklist",
  "riesgos?|riscos?|risques?|risiken|rischi|риски|风险|リスク|위험|preguntas abiertas|quest(?:ions ouvertes|[oõ]es em aberto)|offene fragen|открытые вопросы|fuera de (?:alcance|ámbito)|fora d[eo] escopo|hors p[eé]rim[eè]tre|nicht im umfang|参考(?:资料|文献)?|参照|referencias|refer[eê]ncias|r[eé]f[eé]rences|referenzen|ссылки",
];
/** What is, not what is to be done: boxes under it record a state. */
const records = [
  "(?:current|existing|measured|initial) (?:state|status|baseline|situation|implementation|system)|baseline|status quo|legend|[eé]tat (?:actuel|des lieux|initial)|estado atual|estado actual|situaci[oó]n actual|ist-(?:zustand|stand)|текущее состояние|现状(?:分析)?|項目現状|当前(?:状态|现状)|現状|現在の状況|현재 상태",
  "(?:key |frozen |open |architectural )?decisions?(?: log| record)?(?=\\s*(?:$|[:(&]))|decisiones|decis[oõ]es|d[eé]cisions|entscheidungen|решения|决策(?:记录)?|決定事項|決定|결정",
];
const prose = [
  "(?:delivery |design |guiding |core |key |architecture |engineering |development )?principles?|flows?|findings?|alternatives?(?: considered)?|options?(?: considered)?|consequences?|context(?: and orientation)?|background|rationale|reasons?|motivation|problem(?: statement| description)?|(?:non-?)?goals?|objectives?|scope|assumptions?|constraints?|rules?|guidelines?|conventions?|architecture|(?:technical |system )?design|surprises(?: & discoveries| and discoveries)?|outcomes(?: & retrospective| and retrospective)?|retrospective|lessons(?: learned)?|learnings|glossary|terminology|faq|(?:table of )?contents|examples?|pros|cons|benefits|changelog|history|what (?:was|we|went|changed|is|are)\\b.*|how (?:it|to|this|the)\\b.*|why\\b.*|recommendations?|mitigations?|root causes?|analysis|interfaces?|(?:key |implementation )?details|metrics|evidence|troubleshooting|usage|installation|prerequisites?|appendix|introduction|executive summary|purpose(?:.*big picture)?|idempoten\\w+.*|artifacts?.*|team(?: members)?|roles|ownership|priorit(?:y|ies)(?: ordering| order| levels?| matrix)?|steps to reproduce|(?:task )?description|test (?:cases|plan|results)|results|conclusions?|related(?: .*)?|questions?|requirements|user stor(?:y|ies)|features",
  "principios|princ[ií]pios|principes|prinzipien|grundsätze|leitplanken|принципы|objetivos?|objectifs?|ziele?|цел[ьи]|contexto|contexte|kontext|контекст|antecedentes|alternativas|alternatives|alternativen|альтернативы|consecuencias|cons[eé]quences|konsequenzen|последствия|justificaci[oó]n|reglas|regras|règles|regeln|правила|historias de usuario|hist[oó]rias de usu[aá]rio|entregables|entreg[aá]veis|livrables|arquitectura|arquitetura|architektur|архитектура|introducci[oó]n|introdu[cç][aã]o|einleitung|введение|conclusiones|conclus[oõ]es|fazit|выводы|cronograma|calendario|zeitplan|stand|prop[oó]sito",
];
/** Chinese, Japanese and Korean put the head last: `任务目标` are goals. */
const proseTail =
  /(?:原则|原則|原理|目标|目標|目的|背景|现状|规则|規則|ルール|说明|決定|决定|决策|理由|代案|方案|比較|影响|影響|教训|总结|結論|结论|架构|構成|设计|設計|流程|フロー|示例|例|术语|用語|目录|目次|范围|範囲|概念|约定|規約|方針|契約|整合|メモ|ノート|笔记|筆記|トレードオフ|进度|進捗|統計|统计|定义|定義|분석|원칙|배경|목표)$/u;
const tasksTail =
  /(?:任务|任務|待办(?:事项)?|清单|タスク|作業|TODO|残タスク|작업|할 ?일|태스크)(?:列表|清单|一覧|リスト|分解|拆分|书|書|表|详情|明细|목록)?$/iu;
const planTail =
  /(?:步骤|步驟|计划|計画|計劃|规划|規劃|路线图|里程碑|手順|ステップ|ロードマップ|マイルストーン|工程|단계|계획|로드맵)(?:一覧|表|书|書|リスト)?$/u;
const tasks = [
  "(?:.*\\s)?(?:sub-?)?tasks?(?: list| breakdown)?|(?:.*\\s)?to-?\\s?dos?(?: list)?|(?:.*\\s)?(?:action|work) items?|(?:.*\\s)?work packages?|(?:.*\\s)?backlog|(?:.*\\s)?breakdown|next actions|checklist|progress|(?:.*\\s)?issues",
  "(?:.*\\s)?(?:tareas?|tarefas?|t[aâ]ches?|aufgaben|arbeitspakete|attivit[aà]|compiti|задачи|pendientes|pend[eê]ncias|à faire|offene punkte)(?:\\s.*)?",
];
const plans = [
  "(?:.*\\s)?(?:implementation|execution|development|work|action|project|migration|refactoring|rollout|delivery|release|master|remediation) plan|(?:the )?plan(?: of work)?|(?:.*\\s)?(?:steps|milestones|roadmap|phases|stages)|(?:.*\\s)?implementation (?:tasks|steps|order|sequence)",
  "(?:.*\\s)?(?:pasos|passos|etapas|[eé]tapes|schritte|passi|шаги|этапы|hitos|marcos|jalons|meilensteine|fases|phasen|umsetzungsplan|arbeitsplan|entwicklungsplan)|plan (?:de|d['’]|of|der)\\s?.*|план(?: .*)?|umsetzung",
];

const notesWords = startsWith(notes);
const orderWords = startsWith(order);
const criteriaWords = startsWith(criteria);
const criteriaNames = isOneOf([...criteria, "acceptance"]);
const maybeWords = startsWith(maybeCriteria);
const summaryWords = startsWith(summaries);
const asideWords = startsWith(asides);
const recordWords = startsWith(records);
const proseWords = isOneOf(prose);
const taskWords = isOneOf(tasks);
const planWords = isOneOf(plans);
const mayBeWork = startsWith([...maybeCriteria, ...summaries, "(?:implementation|execution) strategy"]);

const ornaments =
  /^(?:第?[一二三四五六七八九十百]+(?:章|节|、|[.．])|[\s*_`#\d.)(:\p{Extended_Pictographic}\ufe0f️⃣-])+/u;

/** A heading's words without numbers, emoji and emphasis before them. */
function wordsOf(name: string): string {
  return name.replace(ornaments, "").replaceAll(/[*_`]/g, "").trim();
}

/** The words that carry the meaning: without what follows a colon, a bracket, a dash or a preposition. */
function headOf(words: string): string {
  const cut = /\s*(?:[:：(（[【|]|\s[–—-]+\s|[–—]|\s(?:for|of|in|per|with|para|pour|für|для)\s)/iu.exec(words);
  const head = cut && cut.index > 0 && !/^plan of work\b/i.test(words) ? words.slice(0, cut.index) : words;
  return head.replace(/[\s\p{Extended_Pictographic}\ufe0f✅.]+$/u, "").trim();
}

/** What a heading says about the items under it, or null where its words say neither. */
export function sortOf(name: string): HeadingSort | null {
  const words = wordsOf(name);
  const head = headOf(words);
  if (head === "" || words.length > 120) return null;
  if (criteriaWords.test(words)) return "criteria";
  if (proseWords.test(head) || recordWords.test(words) || notesWords.test(words) || proseTail.test(head))
    return "prose";
  const work =
    workOf(head) ?? workOf(/[–—:：]\s*([^–—:：]+)$|\s-\s([^-]+)$/.exec(words)?.slice(1).join("").trim() ?? "");
  if (work !== null) return work;
  if (!isAsideHeading(name)) return null;
  return maybeWords.test(words) ? "criteria" : "prose";
}

function workOf(head: string): "tasks" | "plan" | null {
  const name = headOf(head);
  if (planWords.test(name) || planTail.test(name)) return "plan";
  return taskWords.test(name) || tasksTail.test(name) ? "tasks" : null;
}

/** A heading whose boxes and lists are no tasks: dependencies, notes, criteria, examples. Numbers and emphasis before it do not matter. */
export function isAsideHeading(name: string): boolean {
  const words = wordsOf(name);
  const aside =
    criteriaWords.test(words) ||
    maybeWords.test(words) ||
    asideWords.test(words) ||
    orderWords.test(words) ||
    notesWords.test(words) ||
    summaryWords.test(words) ||
    recordWords.test(words);
  if (!aside) return false;
  if (!mayBeWork.test(words)) return true;
  return !/^\W*\d/.test(name) && !/^\w+ (?:phase|tasks|stage|wave|work)\b/i.test(words);
}

/** A section about the order of the tasks: it holds none, and is read for what it says. */
export function isOrderHeading(name: string): boolean {
  return orderWords.test(wordsOf(name));
}

/** Criteria for the whole list: each of its tasks is held to them. */
export function isCriteriaHeading(name: string): boolean {
  const words = wordsOf(name);
  return criteriaWords.test(words) || (maybeWords.test(words) && isAsideHeading(name));
}

/** A label that stands for criteria and nothing else: `Acceptance criteria`, `验收标准`. */
export function isCriteriaName(name: string): boolean {
  return criteriaNames.test(name);
}

const workHeading = /^\W*(?:(?:phase|stage|step|wave|milestone|sprint|task|part)\s+[\dA-Z]|\d+\.\d)/i;

/**
 * The heading that makes what stands under it no tasks, or undefined. `Summary`, `Verification` and their like do not
 * where a phase of work stands below them, nor for a box with an id of its own.
 */
export function asideOver(headings: readonly string[], hasId: boolean): string | undefined {
  const found = headings.findIndex(isAsideHeading);
  const name = headings[found];
  if (name === undefined) return undefined;
  const words = wordsOf(name);
  const work = hasId || headings.slice(found + 1).some((below) => workHeading.test(below));
  return work && mayBeWork.test(words) ? asideOver(headings.slice(found + 1), hasId) : name;
}
