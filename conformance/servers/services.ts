import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** `METHOD /path` → what the service answers, as it does in its own documentation. Queries are not looked at. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  "GET /gitlab/api/v4/projects/7/issues": [{ id: 70, iid: 1, project_id: 7, title: "It leaks", state: "opened", description: "", web_url: "http://gitlab.test/acme/api/-/issues/1", created_at: "2026-01-02T03:04:05Z", updated_at: "2026-01-02T03:04:05Z", closed_at: null, labels: ["bug"], milestone: null, assignees: [], author: person() }],
  "GET /gitlab/api/v4/projects/7": { id: 7, name: "api", path_with_namespace: "acme/api", default_branch: "main", web_url: "http://gitlab.test/acme/api" },
  "GET /notion/v1/users/me": { object: "user", id: "9a3b5ae0-c6e6-482d-b0e1-ed315ee6dc57", type: "bot", name: "Offstage", avatar_url: null, bot: {} },
  "GET /datacenter/rest/api/2/issue/PROD-1": jiraIssue(),
  "GET /datacenter/rest/api/2/search": { startAt: 0, maxResults: 10, total: 1, issues: [jiraIssue()] },
};

function person(): object {
  return { id: 1, username: "ana", name: "Ana", state: "active", avatar_url: null, web_url: "http://gitlab.test/ana" };
}

function jiraIssue(): object {
  return { id: "10001", key: "PROD-1", self: "http://jira.test/rest/api/2/issue/10001", fields: { summary: "It leaks", status: { name: "Open" }, issuetype: { name: "Bug" }, project: { key: "PROD", name: "Product" } } };
}

/** Services of others, as small as the calls of the run need them; everything else is their 404. */
export async function startServices(github: { readonly url: string; readonly token: string }): Promise<{ readonly url: string; readonly close: () => void }> {
  const server: Server = createServer((request, response) => {
    const { pathname: path, search } = new URL(request.url ?? "/", "http://here");
    // GitHub Enterprise, which GitHub's own server takes this for, has its API below a path.
    if (path.startsWith("/api/v3/")) return void forward(github.token, `${github.url}${path.slice("/api/v3".length)}${search}`).then(({ status, text }) => response.writeHead(status, { "content-type": "application/json" }).end(text));
    const known = ANSWERS[`${request.method ?? ""} ${path}`];
    response.writeHead(known === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(known ?? { message: "404 Not Found", ok: false, error: "not_found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close().closeAllConnections() };
}

/** With the emulator's own token: GitHub's server takes only those that look like GitHub's, and the emulator does not. */
async function forward(token: string, url: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, text: await answer.text() };
}
