import type { Origin, RealServer, Surroundings } from "./real-server.ts";

const npm = (name: string, version: string, room = "all"): Origin => ({ kind: "npm", package: name, version, room });
const pypi = (name: string, version: string, room = "small", also: readonly string[] = []): Origin => ({ kind: "pypi", package: name, version, room, also });

const EVERYTHING = npm("@modelcontextprotocol/server-everything", "2026.8.31");
const KUBERNETES = npm("kubernetes-mcp-server", "0.0.67");
const GITHUB: Origin = { kind: "go", package: "github.com/github/github-mcp-server", version: "v1.9.0" };
const kubeconfig = (folder: string): readonly string[] => ["--kubeconfig", `${folder}/kubeconfig.yaml`];
// It leaves out the port of its host, so it goes there by way of a proxy.
const githubEnv = ({ services, github }: Surroundings): Readonly<Record<string, string>> => ({ GITHUB_PERSONAL_ACCESS_TOKEN: github.token, GITHUB_HOST: "http://github.test", HTTP_PROXY: services });
const echo = { tool: "echo", args: () => ({ message: "well" }), answers: /Echo: well/ };
// Python joins a set into the defaults of four of its tools: without this, they are other tools at every start.
const SAME_HASHES = { PYTHONHASHSEED: "0" };
const nobody = "not-a-real-token-0123456789";

/** Servers that run whole on this machine. */
const LOCAL: readonly RealServer[] = [
  { name: "everything", from: EVERYTHING, entry: "dist/index.js", asks: [echo, { tool: "get-structured-content", args: () => ({ location: "New York" }), answers: /temperature/ }, { tool: "get-tiny-image", args: () => ({}), answers: /blob:sha256:/ }] },
  {
    name: "filesystem", from: npm("@modelcontextprotocol/server-filesystem", "2026.8.31"), entry: "dist/index.js", launch: ({ folder }) => ({ args: [`${folder}/notes`] }),
    asks: [{ tool: "read_text_file", args: ({ folder }) => ({ path: `${folder}/notes/hello.txt` }), answers: /Hello, files/ }, { tool: "read_text_file", args: () => ({ path: "/etc/passwd" }), fails: /Access denied/ }],
  },
  { name: "memory", from: npm("@modelcontextprotocol/server-memory", "2026.8.31"), entry: "dist/index.js", launch: ({ folder }) => ({ env: { MEMORY_FILE_PATH: `${folder}/memory.jsonl` } }), asks: [{ tool: "read_graph", args: () => ({}), answers: /"entities":\[/ }] },
  { name: "thinking", from: npm("@modelcontextprotocol/server-sequential-thinking", "2026.8.31"), entry: "dist/index.js", asks: [{ tool: "sequentialthinking", args: () => ({ thought: "one", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 }), answers: /"thoughtNumber":1/ }] },
  { name: "kubernetes", from: KUBERNETES, entry: "bin/index.js", launch: ({ folder }) => ({ args: kubeconfig(folder) }), asks: [{ tool: "configuration_view", args: () => ({}), answers: /offstage-test/ }, { tool: "pods_list", args: () => ({}), fails: /connection refused|failed/ }] },
  { name: "playwright", from: npm("@playwright/mcp", "0.0.83"), entry: "cli.js", launch: () => ({ args: ["--headless", "--executable-path", "/no/such/browser"] }), asks: [{ tool: "browser_snapshot", args: () => ({}), fails: /browser|executable/i }] },
  { name: "git", from: pypi("mcp-server-git", "2026.10.19"), entry: "mcp-server-git", asks: [{ tool: "git_log", args: ({ folder }) => ({ repo_path: folder, max_count: 1 }), answers: /The first commit/ }, { tool: "git_log", args: () => ({ repo_path: "/no/such/folder" }), fails: /no\/such\/folder/ }] },
  { name: "fetcher", from: pypi("mcp-server-fetch", "2026.10.24"), entry: "mcp-server-fetch", launch: () => ({ args: ["--ignore-robots-txt", "--allow-private-ips"] }), asks: [{ tool: "fetch", args: ({ services }) => ({ url: `${services}/notion/v1/users/me`, raw: true }), answers: /Offstage/ }] },
  { name: "clock", from: pypi("mcp-server-time", "2026.10.19"), entry: "mcp-server-time", asks: [{ tool: "get_current_time", args: () => ({ timezone: "Europe/Vienna" }), answers: /Europe\/Vienna/ }] },
  { name: "sqlite", from: pypi("mcp-server-sqlite", "2025.4.25", "old", ["mcp<2"]), entry: "mcp-server-sqlite", launch: ({ folder }) => ({ args: ["--db-path", `${folder}/test.db`] }), asks: [{ tool: "read_query", args: () => ({ query: "SELECT 6 * 7 AS answer" }), answers: /42/ }] },
  {
    name: "postgres_reference", from: npm("@modelcontextprotocol/server-postgres", "0.6.2"), entry: "dist/index.js", launch: ({ postgres }) => ({ args: [postgres] }),
    asks: [{ tool: "query", args: () => ({ sql: "SELECT 6 * 7 AS answer" }), answers: /42/ }, { tool: "query", args: () => ({ sql: "CREATE TABLE made (id int)" }), fails: /read-only transaction/ }],
  },
];

/** Servers of services that an emulator or a few canned answers stand in for. */
const EMULATED: readonly RealServer[] = [
  {
    name: "github", from: GITHUB, entry: "github-mcp-server", launch: (around) => ({ args: ["stdio"], env: githubEnv(around) }),
    asks: [{ tool: "list_pull_requests", args: ({ github: { owner, repo } }) => ({ owner, repo, perPage: 5 }), answers: /memory leak/i }, { tool: "issue_read", args: ({ github: { owner, repo } }) => ({ method: "get", owner, repo, issue_number: 99_999 }), fails: /404|not found/i }],
  },
  {
    name: "github_reference", from: npm("@modelcontextprotocol/server-github", "2025.4.8"), entry: "dist/index.js", launch: ({ github }) => ({ env: { GITHUB_PERSONAL_ACCESS_TOKEN: github.token }, redirect: { from: "https://api.github.com", to: github.url } }),
    asks: [{ tool: "list_pull_requests", args: ({ github: { owner, repo } }) => ({ owner, repo, per_page: 5 }), answers: /memory leak/i }],
  },
  {
    name: "jira", from: npm("@nexus2520/jira-mcp-server", "1.2.0"), entry: "build/index.js", launch: ({ jira }) => ({ env: { JIRA_BASE_URL: jira.url, JIRA_EMAIL: jira.email, JIRA_API_TOKEN: jira.token } }),
    asks: [{ tool: "jira_search", args: () => ({ action: "issues", jql: "project = PROD" }), answers: /"issues":\[/ }],
  },
  {
    name: "atlassian", from: pypi("mcp-atlassian", "0.23.1", "atlassian"), entry: "mcp-atlassian", launch: ({ services }) => ({ env: { ...SAME_HASHES, JIRA_URL: `${services}/datacenter`, JIRA_PERSONAL_TOKEN: nobody, CONFLUENCE_URL: `${services}/wiki`, CONFLUENCE_PERSONAL_TOKEN: nobody } }),
    asks: [
      { tool: "jira_get_issue", args: () => ({ issue_key: "PROD-1" }), answers: /It leaks/ }, { tool: "jira_search", args: () => ({ jql: "project = PROD" }), answers: /"key":"PROD-1"/ },
      { tool: "jira_get_issue", args: () => ({ issue_key: "PROD-99999" }), fails: /Issue PROD-99999 not found/ },
    ],
  },
  {
    name: "gitlab", from: npm("@zereight/mcp-gitlab", "2.1.64"), entry: "build/index.js", launch: ({ services }) => ({ env: { GITLAB_API_URL: `${services}/gitlab/api/v4`, GITLAB_PERSONAL_ACCESS_TOKEN: nobody, GITLAB_DISABLE_VERSION_CHECK: "true" } }),
    asks: [{ tool: "list_issues", args: () => ({ project_id: "7" }), answers: /It leaks/ }],
  },
  { name: "gitlab_reference", from: npm("@modelcontextprotocol/server-gitlab", "2025.4.25"), entry: "dist/index.js", launch: ({ services }) => ({ env: { GITLAB_API_URL: `${services}/gitlab/api/v4`, GITLAB_PERSONAL_ACCESS_TOKEN: nobody } }), asks: [{ tool: "get_file_contents", args: () => ({ project_id: "8", file_path: "README.md", ref: "main" }), fails: /Not Found/ }] },
  {
    name: "slack_reference", from: npm("@modelcontextprotocol/server-slack", "2025.4.25"), entry: "dist/index.js", launch: ({ slack }) => ({ env: { SLACK_BOT_TOKEN: slack.token, SLACK_TEAM_ID: "T000000001" }, redirect: { from: "https://slack.com", to: slack.url } }),
    asks: [{ tool: "slack_list_channels", args: () => ({}), answers: /general/ }, { tool: "slack_get_channel_history", args: ({ slack }) => ({ channel_id: slack.channel }), answers: /It leaks/ }, { tool: "slack_get_channel_history", args: () => ({ channel_id: "C9" }), fails: /channel_not_found/ }],
  },
  { name: "notion", from: npm("@notionhq/notion-mcp-server", "2.5.2"), entry: "bin/cli.mjs", launch: ({ services }) => ({ env: { NOTION_TOKEN: nobody, BASE_URL: `${services}/notion` } }), asks: [{ tool: "API-get-self", args: () => ({}), answers: /Offstage/ }] },
];

/** Servers that need an account: what they say without one. */
const WITHOUT_ACCOUNT: readonly RealServer[] = [
  { name: "sentry", from: npm("@sentry/mcp-server", "0.39.0", "sentry"), entry: "dist/index.js", launch: () => ({ args: ["--access-token", nobody, "--host", "127.0.0.1:1"] }), asks: [{ tool: "find_organizations", args: () => ({}), fails: /./ }] },
  { name: "mongodb", from: npm("mongodb-mcp-server", "3.0.4"), entry: "dist/esm/index.js", launch: () => ({ args: ["--telemetry", "disabled"] }), asks: [{ tool: "list-databases", args: () => ({ connectionId: "none" }), fails: /connect/i }] },
  { name: "airtable", from: npm("airtable-mcp-server", "1.14.0"), entry: "dist/main.js", launch: () => ({ env: { AIRTABLE_API_KEY: nobody } }), asks: [{ tool: "list_bases", args: () => ({}), fails: /./ }] },
  { name: "brave", from: npm("@brave/brave-search-mcp-server", "2.1.4"), entry: "dist/index.js", launch: () => ({ env: { BRAVE_API_KEY: nobody } }), asks: [{ tool: "brave_web_search", args: () => ({ query: "x" }), fails: /./ }] },
  // Asks Slack who it is before it answers anything.
  { name: "slack", from: npm("slack-mcp-server", "1.3.0"), entry: "bin/index.js", launch: () => ({ env: { SLACK_MCP_XOXP_TOKEN: `xoxp-${nobody}` } }), startFails: /SERVER_EXITED.*slack/s, asks: [] },
  { name: "hubspot", from: npm("@hubspot/mcp-server", "0.4.0"), entry: "dist/index.js", launch: () => ({ env: { PRIVATE_APP_ACCESS_TOKEN: nobody } }), asks: [{ tool: "hubspot-get-user-details", args: () => ({}), fails: /./ }] },
  { name: "circleci", from: npm("@circleci/mcp-server-circleci", "0.20.0"), entry: "dist/index.js", launch: () => ({ env: { CIRCLECI_TOKEN: nobody, CIRCLECI_BASE_URL: "http://127.0.0.1:1" } }), asks: [{ tool: "list_followed_projects", args: () => ({ params: {} }), fails: /./ }] },
  { name: "linear", from: npm("linear-mcp-server", "0.1.0"), entry: "build/index.js", launch: () => ({ env: { LINEAR_API_KEY: nobody } }), asks: [{ tool: "linear_search_issues", args: () => ({ query: "x" }), fails: /./ }] },
];

/** The same servers spoken to over HTTP. */
const OVER_HTTP: readonly RealServer[] = [
  { name: "everything_http", from: EVERYTHING, entry: "dist/index.js", launch: ({ port }) => ({ args: ["streamableHttp"], env: { PORT: String(port) } }), url: ({ port }) => `http://127.0.0.1:${port}/mcp`, asks: [echo] },
  { name: "everything_sse", from: EVERYTHING, entry: "dist/index.js", launch: ({ port }) => ({ args: ["sse"], env: { PORT: String(port) } }), url: ({ port }) => `http://127.0.0.1:${port}/sse`, asks: [echo] },
  { name: "kubernetes_http", from: KUBERNETES, entry: "bin/index.js", launch: ({ folder, port }) => ({ args: [...kubeconfig(folder), "--port", String(port)] }), url: ({ port }) => `http://127.0.0.1:${port}/mcp`, asks: [{ tool: "configuration_view", args: () => ({}), answers: /offstage-test/ }] },
  {
    name: "github_http", from: GITHUB, entry: "github-mcp-server", launch: (around) => ({ args: ["http", "--port", String(around.port)], env: githubEnv(around) }),
    url: ({ port }) => `http://127.0.0.1:${port}/`, headers: () => ({ Authorization: `Bearer ghp_${"0".repeat(36)}` }),
    asks: [{ tool: "list_pull_requests", args: ({ github: { owner, repo } }) => ({ owner, repo, perPage: 5 }), answers: /memory leak/i }],
  },
];

/** Every server of `npm run test:servers`, in the order of its table. */
export const REAL_SERVERS: readonly RealServer[] = [...LOCAL, ...EMULATED, ...WITHOUT_ACCOUNT, ...OVER_HTTP];
