import { join, relative, resolve } from "node:path";
import type { Plan } from "../model/plan.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import { helperCall, shellWord } from "../text/escape.ts";
import { mermaid } from "../show/mermaid.ts";
import { showPreview } from "../show/preview.ts";
import { approvalOf, unallowed } from "./approval.ts";
import type { Answer, World } from "./command.ts";
import { loadPlan, planRequest, styleOf, text, type IssueSource, type Loaded, type PlanRequest } from "./load.ts";
import { notSeen } from "./notSeen.ts";
import { howToFollow, typedHere } from "./requestHeadless.ts";
import type { RequestOptions } from "./requestOptions.ts";
import { inWorktrees, openRunIn } from "./starting.ts";
import { asData, notUnderstood } from "./requestText.ts";

/** What is around a request: who asks, in which project. */
export interface Asked {
  readonly world: World;
  readonly project: string;
  /** Whether a new run is one outside of the session. */
  readonly headless: boolean;
  /** Options of `request` itself that the verbs know too. */
  readonly given: Readonly<Record<string, string | true>>;
  /** The issue that the only source names, once it was read. */
  readonly issue?: IssueSource | undefined;
}

/** The plan of a request, with sources as seen from the project, as `start` and `run` see them: so the plan and its hash are the same. */
export function planOf(
  sources: readonly string[],
  options: RequestOptions,
  asked: Asked,
): Answer | (Loaded & { readonly seen: readonly string[]; readonly request: PlanRequest; readonly world: World }) {
  const { project } = asked;
  const world = { ...asked.world, cwd: project };
  const seen = sources.map((source) =>
    source === "-" || asked.issue !== undefined ? source : relative(project, resolve(asked.world.cwd, source)) || ".",
  );
  const made = planRequest(seen, { positionals: [], options: { ...options, project }, world });
  if ("code" in made) return made;
  const timeout = Number(text(options["timeout"]));
  // As `run` plans.
  const flags = { ...made.flags, ...(timeout > 0 && timeout <= 86_400 ? { timeout } : {}), ...inWorktrees };
  const request = { ...made, ...(asked.headless ? { flags } : {}), issue: asked.issue };
  return { ...loadPlan(request, world), seen, request, world };
}

/** The preview of a plan, and what the model must do with it. */
export function preview(sources: readonly string[], options: RequestOptions, asked: Asked): string {
  const planned = planOf(sources, options, asked);
  if ("code" in planned) return notUnderstood(planned.err.replace(/^error: /, "").trim(), "change that");
  const { outcome, texts, seen, world } = planned;
  if (!outcome.ok) {
    const shown = showDiagnostics(outcome.diagnostics, texts, styleOf(world));
    return `There is no plan yet, and nothing was launched or written.\n\n${asData(shown)}\nTell the person what is wrong and how to mend it, as said above; offer to change the list, then ask for the plan again.\n`;
  }
  const plan = outcome.value;
  const style = styleOf(world);
  if (options["json"] === true) return `${JSON.stringify(plan, null, 1)}\n`;
  if (options["mermaid"] === true)
    return `${asData(mermaid(plan))}\nShow the person this Mermaid text in a code block.\n`;
  const commands = unallowed(approvalOf(plan, asked.project, asked.world));
  const shown = asData(
    [showPreview(plan, style, options["why"] === true, asked.headless), ...commands].join(
      commands.length > 0 ? "\n" : "",
    ),
  );
  const what = asked.headless ? "the plan of a headless run" : "the plan";
  const busy = openRunIn(asked.project)?.err.replace(/^error: /, "") ?? null;
  const aside = asked.headless ? notSeen(asked.project, plan) : [];
  const first = [
    `This is ${what}; nothing has been launched.`,
    ...(busy === null ? [] : [typedHere(`It cannot be started now: ${busy}`, world).trimEnd()]),
    ...(aside.length === 0 ? [] : ["Tell the person this with it:", ...aside]),
  ].join("\n");
  return `${first}\n\n${shown}\n${whatNext(plan, seen, options, asked, busy !== null)}`;
}

function whatNext(
  plan: Plan,
  sources: readonly string[],
  options: RequestOptions,
  asked: Asked,
  busy: boolean,
): string {
  if (plan.batches.length === 0) return "Show the person this preview in a code block. Nothing is left to launch.\n";
  if (options["dry-run"] === true) {
    return "Show the person this preview in a code block. It was a dry run: launch nothing. The same request without `--dry-run` asks for a go.\n";
  }
  if (busy)
    return "Show the person this preview in a code block, and tell them first why it cannot be started now. Launch nothing. When that run is at its end, they type the same again.\n";
  const unanswered = plan.questions.flatMap(({ id, answer }) => (answer === null ? id : []));
  const commandsToo = unallowed(approvalOf(plan, asked.project, asked.world)).length > 0;
  const command = asked.headless ? "/parallel-orchestrate" : "/orchestrate";
  const more = asked.headless ? "`--timeout SECONDS`" : "`--parallel`, `--headless`";
  return [
    ...(unanswered.length === 0
      ? []
      : [
          `Only somebody who knows the code can answer ${unanswered.join(", ")}. Take a short look and answer them: yes only when you are sure. Tell the person your answers, and add \`--answers ${unanswered.map((id) => `${id}=no`).join(",")}\`, with your own, to the command below.`,
        ]),
    ...(asked.headless
      ? [
          "Each task gets a headless agent of its own, in a git worktree of its own; their work is merged into a branch of the run, and the person's checkout stays as it is. What is not committed is not seen by them.",
        ]
      : []),
    `Show the person this preview in a code block${commandsToo ? ", with every command that it ends with," : ""} and ask whether to go. Launch nothing before they say so.${commandsToo ? " Their go allows these commands too." : ""}`,
    `When they say go: ${startWith(plan, sources, options, asked)}`,
    ...(asked.headless ? [howToFollow(asked.project, asked.world)] : []),
    `For another choice (\`--tasks 1,2,5-8\`, \`--max-workers N\`, ${more}), they type \`${command}\` again with it.`,
    "",
  ].join("\n");
}

/** The one command that starts exactly this plan, and how to run it. */
export function startWith(plan: Plan, sources: readonly string[], options: RequestOptions, asked: Asked): string {
  const { headless, given, project, world } = asked;
  const names = [
    "tasks",
    "only",
    "max-workers",
    "format",
    "parallel",
    "answers",
    "trust",
    headless ? "timeout" : "engine",
  ];
  const flags = names.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : value === true ? [`--${name}`] : [`--${name}`, value];
  });
  // A headless run asks for no session, and is found by its project wherever the shell stands.
  const who = headless
    ? ["--project", project]
    : ["session", "project"].flatMap((name) => {
        const value = text(given[name]);
        return value === undefined ? [] : [`--${name}`, value];
      });
  const approval = approvalOf(plan, project, world);
  const allow = unallowed(approval).length === 0 ? [] : ["--allow-commands", approval.hash];
  const hash = plan.hash.slice("sha256:".length, "sha256:".length + 12);
  // The folder that a shell stands in may change during a session.
  const paths = sources.map((source) =>
    world.cwd === project || asked.issue !== undefined ? source : join(project, source),
  );
  const line = [
    headless ? "run" : "start",
    ...paths,
    ...flags,
    ...(headless ? ["--detach"] : []),
    "--expect",
    hash,
    ...allow,
  ]
    .concat(who)
    .map((word) => (word.startsWith("--") ? word : shellWord(word)))
    .join(" ");
  const quick = headless || plan.config.verify.length === 0;
  const patience = quick ? "" : " and with a timeout of 600000, because its checks run first";
  return `run exactly this with Bash, nothing before or after it${patience}, and do what it prints:\n${helperCall(world.cli)} ${line}\n`;
}
