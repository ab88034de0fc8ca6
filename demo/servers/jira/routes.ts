import { Hono } from "hono";
import type { Context } from "hono";
import type { JiraDatabase } from "./database.ts";
import { checkCreate, checkEdit, isAtlassianDocument, memberOf } from "./edit-fields.ts";
import type { JiraIssue } from "./issue.ts";
import { compileJql } from "./jql-match.ts";
import { commentBody, createMetaBody, createdBody, errorBody, fieldList, issueBody, projectList, transitionsBody, userBody } from "./responses.ts";
import { SITE } from "./site.ts";

const NOT_FOUND = "Issue does not exist or you do not have permission to see it.";
const BAD_COMMENT = "Comment body is not valid!";
/** Jira's own bounds of `maxResults`: what it takes when none is given, and the most it gives in one page. */
const PAGE = { usual: 50, most: 100 } as const;

/** Where Jira's REST API, version 3, begins. */
export const API_PATH = "/rest/api/3";

/** The REST v3 endpoints that the Jira MCP server uses, over the database; `base` is the URL up to and with `API_PATH`. */
export function jiraRoutes(db: JiraDatabase, base: () => string): Hono {
  const app = new Hono().basePath(API_PATH);
  addSiteRoutes(app, base);
  addIssueRoutes(app, db, base);
  addWorkflowRoutes(app, db, base);
  app.post("/search/jql", async (c) => search(c, db, base()));
  app.notFound((c) => c.json(errorBody([`This Jira emulator has no ${c.req.method} ${c.req.path}.`]), 404));
  return app;
}

function addSiteRoutes(app: Hono, base: () => string): void {
  app.get("/field", (c) => c.json(fieldList()));
  app.get("/project", (c) => c.json(projectList(base())));
  app.get("/issue/createmeta", (c) => c.json(createMetaBody(base(), listOf(c.req.query("projectKeys")), listOf(c.req.query("issuetypeNames")))));
  app.get("/user/search", (c) => {
    const query = (c.req.query("query") ?? "").toLowerCase();
    const found = SITE.users.filter((user) => [user.displayName, user.emailAddress].some((text) => text.toLowerCase().startsWith(query)));
    return c.json(found.map((user) => userBody(base(), user.accountId)));
  });
}

function addIssueRoutes(app: Hono, db: JiraDatabase, base: () => string): void {
  app.post("/issue", async (c) => {
    const checked = checkCreate(await bodyOf(c));
    return checked.ok ? c.json(createdBody(base(), db.create(checked.fields)), 201) : c.json(errorBody([], checked.errors), 400);
  });
  app.get("/issue/:key", (c) => withIssue(c, db, (issue) => {
    const names = listOf(c.req.query("fields"));
    return c.json(issueBody(base(), issue, names.length === 0 ? null : names));
  }));
  app.put("/issue/:key", (c) => withIssue(c, db, async (issue) => edit(c, db, issue, await bodyOf(c))));
  app.put("/issue/:key/assignee", (c) => withIssue(c, db, async (issue) => edit(c, db, issue, { fields: { assignee: await bodyOf(c) } })));
  app.delete("/issue/:key", (c) => withIssue(c, db, (issue) => {
    db.delete(issue);
    return c.body(null, 204);
  }));
  app.get("/issue/:key/comment", (c) => withIssue(c, db, (issue) => {
    const comments = db.comments(issue).map((comment) => commentBody(base(), issue, comment));
    return c.json({ startAt: 0, maxResults: 5000, total: comments.length, comments });
  }));
  app.post("/issue/:key/comment", (c) => withIssue(c, db, async (issue) => {
    const body = memberOf(await bodyOf(c), "body");
    if (!isAtlassianDocument(body)) return c.json(errorBody([], { comment: BAD_COMMENT }), 400);
    return c.json(commentBody(base(), issue, db.addComment(issue, body)), 201);
  }));
}

function edit(c: Context, db: JiraDatabase, issue: JiraIssue, body: unknown): Response {
  const checked = checkEdit(body);
  if (!checked.ok) return c.json(errorBody([], checked.errors), 400);
  db.update(issue, checked.fields);
  return c.body(null, 204);
}

function addWorkflowRoutes(app: Hono, db: JiraDatabase, base: () => string): void {
  app.get("/issue/:key/transitions", (c) => withIssue(c, db, () => c.json(transitionsBody(base()))));
  app.post("/issue/:key/transitions", (c) => withIssue(c, db, async (issue) => {
    const body = await bodyOf(c);
    const id = memberOf(memberOf(body, "transition"), "id");
    const transition = SITE.transitions.find((one) => one.id === id);
    if (transition === undefined) return c.json(errorBody([`Transition id '${typeof id === "string" ? id : JSON.stringify(id)}' is not valid for this issue.`]), 400);
    const comments = memberOf(memberOf(body, "update"), "comment");
    const bodies = Array.isArray(comments) ? comments.map((entry) => memberOf(memberOf(entry, "add"), "body")) : [];
    if (!bodies.every(isAtlassianDocument)) return c.json(errorBody([], { comment: BAD_COMMENT }), 400);
    const moved = db.update(issue, { status: transition.to });
    for (const comment of bodies) db.addComment(moved, comment);
    return c.body(null, 204);
  }));
}

async function search(c: Context, db: JiraDatabase, base: string): Promise<Response> {
  const body = await bodyOf(c);
  const jql = memberOf(body, "jql");
  const compiled = compileJql(typeof jql === "string" ? jql : "");
  if (!compiled.ok) return c.json(errorBody([compiled.message]), 400);
  const start = offsetOf(memberOf(body, "nextPageToken"));
  if (start === null) return c.json(errorBody(["The next page token is invalid or has expired."]), 400);
  const wanted = memberOf(body, "maxResults");
  const size = Math.min(typeof wanted === "number" && wanted >= 1 ? Math.floor(wanted) : PAGE.usual, PAGE.most);
  const names = memberOf(body, "fields");
  const fields = Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : ["id"];
  const found = compiled.select(db.indexed());
  const end = start + size;
  const isLast = end >= found.length;
  return c.json({
    issues: found.slice(start, end).map((issue) => issueBody(base, issue, fields)),
    ...(isLast ? {} : { nextPageToken: Buffer.from(`offset:${end}`).toString("base64url") }),
    isLast,
  });
}

/** The offset in a page token: 0 without one, null for one that is not ours. */
function offsetOf(token: unknown): number | null {
  if (token === undefined || token === null) return 0;
  const match = /^offset:(\d{1,9})$/.exec(typeof token === "string" ? Buffer.from(token, "base64url").toString() : "");
  return match ? Number(match[1]) : null;
}

function withIssue(c: Context, db: JiraDatabase, answer: (issue: JiraIssue) => Response | Promise<Response>): Response | Promise<Response> {
  const issue = db.get(c.req.param("key") ?? "");
  return issue === undefined ? c.json(errorBody([NOT_FOUND]), 404) : answer(issue);
}

/** The parsed body; `undefined` for what is not JSON, which the checks then refuse. */
async function bodyOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json<unknown>();
  } catch {
    return undefined;
  }
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(",").filter((part) => part !== "");
}
