import * as z from "zod";
import { once } from "../model/once.ts";
import { isRepository } from "./reference.ts";

const summary = z.object({ total: z.number() }).nullish();

/** What is used of GitHub's answer about an issue; the rest of it is let be. */
const answer = once(() =>
  z.object({
    id: z.union([z.number(), z.string().regex(/^\d+$/)]).transform(String),
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.string(),
    state_reason: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
    author_association: z.string().nullish(),
    repository_url: z.string(),
    pull_request: z.unknown().optional(),
    sub_issues_summary: summary,
    issue_dependencies_summary: z.object({ total_blocked_by: z.number().nullish(), blocked_by: z.number() }).nullish(),
  }),
);

/** An issue as GitHub answered it. */
export interface ApiIssue {
  readonly id: string;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "done" | "dropped";
  readonly author: string;
  readonly association: string;
  readonly isPullRequest: boolean;
  /** How many it has; null on servers that do not say. */
  readonly subIssues: number | null;
  readonly blockers: number | null;
}

/** One issue of an answer; null when it is not of the form. */
export function readApiIssue(value: unknown): ApiIssue | null {
  const parsed = answer().safeParse(value);
  if (!parsed.success) return null;
  const issue = parsed.data;
  const repository = issue.repository_url.split("/").slice(-2).join("/");
  if (!isRepository(repository)) return null;
  const dropped = issue.state_reason === "not_planned" || issue.state_reason === "duplicate";
  const dependencies = issue.issue_dependencies_summary;
  return {
    id: issue.id,
    repository,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    state: issue.state !== "closed" ? "open" : dropped ? "dropped" : "done",
    author: issue.user?.login ?? "ghost",
    association: issue.author_association ?? "NONE",
    isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    subIssues: issue.sub_issues_summary?.total ?? null,
    blockers: dependencies ? (dependencies.total_blocked_by ?? dependencies.blocked_by) : null,
  };
}

/** The issues of a page; null when it is not of the form. */
export function readApiIssues(value: unknown): ApiIssue[] | null {
  if (!Array.isArray(value)) return null;
  const issues = value.map(readApiIssue);
  return issues.every((issue) => issue !== null) ? issues : null;
}
