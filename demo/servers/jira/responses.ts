import type { JiraComment, JiraIssue } from "./issue.ts";
import { SITE } from "./site.ts";

type Json = Readonly<Record<string, unknown>>;

/** The shape in which Jira reports an error. */
export function errorBody(messages: readonly string[], errors: Readonly<Record<string, string>> = {}): Json {
  return { errorMessages: messages, errors };
}

/** An issue as `GET /issue/K` and the search give it: only the named fields, all when `names` is null. */
export function issueBody(base: string, issue: JiraIssue, names: readonly string[] | null): Json {
  const all = fieldsOf(base, issue);
  const wanted = names === null || names.some((name) => name === "*all" || name === "*navigable") ? null : new Set(names);
  const fields = wanted === null ? all : Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
  return { expand: "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations", id: issue.id, self: `${base}/issue/${issue.id}`, key: issue.key, fields };
}

/** The answer to `POST /issue`. */
export function createdBody(base: string, issue: JiraIssue): Json {
  return { id: issue.id, key: issue.key, self: `${base}/issue/${issue.id}` };
}

function fieldsOf(base: string, issue: JiraIssue): Json {
  return {
    summary: issue.summary,
    description: issue.description,
    status: statusBody(base, issue.status),
    issuetype: withSelf(base, "issuetype", SITE.issueTypes.find((type) => type.name === issue.issueType), { subtask: false, hierarchyLevel: 0 }),
    project: withSelf(base, "project", SITE.projects.find((project) => project.key === issue.project), { projectTypeKey: "software", simplified: false }),
    priority: withSelf(base, "priority", SITE.priorities.find((priority) => priority.name === issue.priority)),
    labels: issue.labels,
    assignee: userBody(base, issue.assignee),
    reporter: userBody(base, SITE.account.accountId),
    creator: userBody(base, SITE.account.accountId),
    created: jiraTime(issue.createdAt),
    updated: jiraTime(issue.updatedAt),
    duedate: null,
    resolution: null,
    components: [],
    subtasks: [],
  };
}

/** A status with its category, as it stands in an issue and as the target of a transition. */
export function statusBody(base: string, name: string): Json | null {
  const status = SITE.statuses.find((one) => one.name === name);
  if (status === undefined) return null;
  const { category, ...own } = status;
  return { self: `${base}/status/${own.id}`, description: "", iconUrl: "", ...own, statusCategory: { self: `${base}/statuscategory/${category.id}`, ...category } };
}

/** A user, null for none or an unknown one. */
export function userBody(base: string, accountId: string | null): Json | null {
  const user = SITE.users.find((one) => one.accountId === accountId);
  return user ? { self: `${base}/user?accountId=${encodeURIComponent(user.accountId)}`, ...user, active: true, timeZone: "Etc/UTC", accountType: "atlassian" } : null;
}

/** The answer to `GET /issue/K/transitions`. */
export function transitionsBody(base: string): Json {
  return {
    expand: "transitions",
    transitions: SITE.transitions.map((transition) => ({
      id: transition.id, name: transition.name, to: statusBody(base, transition.to), hasScreen: false, isGlobal: true, isInitial: false, isAvailable: true, isConditional: false, isLooped: false,
    })),
  };
}

/** A comment with its author. */
export function commentBody(base: string, issue: JiraIssue, comment: JiraComment): Json {
  const author = userBody(base, SITE.account.accountId);
  const at = jiraTime(comment.createdAt);
  return { self: `${base}/issue/${issue.id}/comment/${comment.id}`, id: comment.id, author, body: comment.body, updateAuthor: author, created: at, updated: at, jsdPublic: true };
}

/** The answer to `GET /field`. */
export function fieldList(): readonly Json[] {
  const names = ["Summary", "Description", "Status", "Issue Type", "Project", "Priority", "Labels", "Assignee", "Reporter", "Created", "Updated"];
  return names.map((name) => {
    const id = name.toLowerCase().replace(" ", "");
    return { id, key: id, name, custom: false, orderable: true, navigable: true, searchable: true, clauseNames: [id] };
  });
}

/** The answer to `GET /issue/createmeta`. Unknown projects and types are left out, as Jira does. */
export function createMetaBody(base: string, projectKeys: readonly string[], typeNames: readonly string[]): Json {
  const fields = {
    summary: { required: true, schema: { type: "string", system: "summary" }, name: "Summary", key: "summary", operations: ["set"] },
    issuetype: { required: true, schema: { type: "issuetype", system: "issuetype" }, name: "Issue Type", key: "issuetype", operations: [], allowedValues: SITE.issueTypes },
    project: { required: true, schema: { type: "project", system: "project" }, name: "Project", key: "project", operations: ["set"], allowedValues: SITE.projects },
    description: { required: false, schema: { type: "string", system: "description" }, name: "Description", key: "description", operations: ["set"] },
    labels: { required: false, schema: { type: "array", items: "string", system: "labels" }, name: "Labels", key: "labels", operations: ["add", "set", "remove"] },
    priority: { required: false, schema: { type: "priority", system: "priority" }, name: "Priority", key: "priority", operations: ["set"], allowedValues: SITE.priorities },
    assignee: { required: false, schema: { type: "user", system: "assignee" }, name: "Assignee", key: "assignee", operations: ["set"] },
  };
  const wanted = (given: readonly string[], name: string): boolean => given.length === 0 || given.includes(name);
  return {
    expand: "projects",
    projects: SITE.projects.filter((project) => wanted(projectKeys, project.key)).map((project) => ({
      self: `${base}/project/${project.id}`, ...project,
      issuetypes: SITE.issueTypes.filter((type) => wanted(typeNames, type.name)).map((type) => ({ self: `${base}/issuetype/${type.id}`, ...type, subtask: false, fields })),
    })),
  };
}

/** The answer to `GET /project`. */
export function projectList(base: string): readonly Json[] {
  return SITE.projects.map((project) => ({ self: `${base}/project/${project.id}`, ...project, projectTypeKey: "software", lead: userBody(base, SITE.account.accountId) }));
}

function withSelf(base: string, kind: string, item: { readonly id: string } | undefined, more: Json = {}): Json | null {
  return item ? { self: `${base}/${kind}/${item.id}`, ...item, ...more } : null;
}

/** Jira's way to write an instant: an offset without a colon. */
function jiraTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}
