import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MARK_VARIABLE } from "../../demo/project.ts";
import { atlassianAsks, atlassianCalls, atlassianMessage, atlassianReads, type Hosting } from "./atlassian-calls.ts";
import { startFaultyService } from "./faulty-service.ts";
import { filesystemCalls } from "./filesystem-calls.ts";
import { gitCalls } from "./git-calls.ts";
import { githubCalls, githubReads } from "./github-calls.ts";
import { gitlabCalls, gitlabReferenceCalls } from "./gitlab-calls.ts";
import { GITLAB_SECRET, GITLAB_TOOLSETS, gitlabAsks, gitlabMessage, gitlabReads } from "./gitlab-service.ts";
import { kubernetesCalls, kubernetesMessage, kubernetesReads } from "./kubernetes-calls.ts";
import { commandOf } from "./install.ts";
import { LINEAR_DATA, linearCalls, linearMessage } from "./linear-calls.ts";
import { notionAsks, notionCalls, notionMessage, notionReads } from "./notion-calls.ts";
import { POSTGRES_SEED, POSTGRES_STATE, postgresCalls } from "./postgres-calls.ts";
import { withPostgres } from "./postgres.ts";
import { contentsOf, type ProofSetting, proveProfile } from "./prove-profile.ts";
import { sentryCalls, sentryMessage, sentryReads } from "./sentry-calls.ts";
import { redirected } from "./redirect.ts";
import { slackCalls } from "./slack-calls.ts";
import { SLACK_TOKEN, startSlackService } from "./slack-service.ts";
import { REAL_SERVERS } from "./servers.ts";

const NOBODY = "not-a-real-token-0123456789";

/** A shipped profile and the server that proves it. */
export interface Proof {
  readonly profile: string;
  /** Of {@link REAL_SERVERS}. */
  readonly server: string;
  /** Gives back what is wrong. */
  readonly prove: (installed: string, mark: string) => Promise<readonly string[]>;
}

/** The shipped profiles that are held against their real server here. */
export const PROOFS: readonly Proof[] = [
  { profile: "filesystem.ts", server: "filesystem", prove: (installed, mark) => inFolder((folder) => provenBy("filesystem.ts", "filesystem", installed, mark, { args: [folder], env: {}, calls: filesystemCalls(folder), changed: () => contentsOf(folder), untried: [] })) },
  { profile: "git.ts", server: "git", prove: (installed, mark) => inFolder((folder) => provenBy("git.ts", "git", installed, mark, { args: [], env: {}, calls: gitCalls(folder), changed: () => contentsOf(folder), untried: [] })) },
  {
    profile: "github-official.ts", server: "github",
    prove: async (installed, mark) => {
      const service = await startFaultyService(githubReads);
      const env = { GITHUB_PERSONAL_ACCESS_TOKEN: NOBODY, GITHUB_HOST: "http://github.test", HTTP_PROXY: service.url };
      // These two look for Copilot by GraphQL first, and nothing is said of their errors.
      return provenBy("github-official.ts", "github", installed, mark, { args: ["stdio"], env, calls: githubCalls(), changed: service.changes, untried: ["assign_copilot_to_issue", "request_copilot_review"] }).finally(service.close);
    },
  },
  {
    profile: "kubernetes.ts", server: "kubernetes",
    prove: (installed, mark) => inFolder(async (folder) => {
      const service = await startFaultyService(kubernetesReads, kubernetesMessage);
      const kubeconfig = join(folder, "kubeconfig.json");
      writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": "c", clusters: [{ name: "c", cluster: { server: service.url } }], contexts: [{ name: "c", context: { cluster: "c", user: "u" } }], users: [{ name: "u", user: {} }] }));
      return provenBy("kubernetes.ts", "kubernetes", installed, mark, { args: ["--kubeconfig", kubeconfig], env: {}, calls: kubernetesCalls(), changed: service.changes, untried: [] }).finally(service.close);
    }),
  },
  {
    profile: "atlassian.ts", server: "atlassian",
    prove: async (installed, mark) => {
      const service = await startFaultyService(atlassianReads, atlassianMessage, atlassianAsks);
      // By its name it takes one for Atlassian's cloud.
      const places: Readonly<Record<Hosting, Readonly<Record<string, string>>>> = {
        cloud: { HTTP_PROXY: service.url, JIRA_URL: "http://acme.atlassian.net", CONFLUENCE_URL: "http://acme.atlassian.net/wiki", JIRA_USERNAME: "ana@example.com", JIRA_API_TOKEN: NOBODY, CONFLUENCE_USERNAME: "ana@example.com", CONFLUENCE_API_TOKEN: NOBODY },
        dataCenter: { JIRA_URL: service.url, CONFLUENCE_URL: `${service.url}/wiki`, JIRA_PERSONAL_TOKEN: NOBODY, CONFLUENCE_PERSONAL_TOKEN: NOBODY },
      };
      const provenFor = (hosting: Hosting): Promise<readonly string[]> => provenBy("atlassian.ts", "atlassian", installed, mark, { args: [], env: { PYTHONHASHSEED: "0", ...places[hosting] }, calls: atlassianCalls(hosting), changed: service.changes, asked: service.asked, untried: [] });
      try {
        return [...(await provenFor("cloud")), ...(await provenFor("dataCenter"))];
      } finally {
        service.close();
      }
    },
  },
  {
    profile: "slack.ts", server: "slack_reference",
    prove: async (installed, mark) => {
      const service = await startSlackService();
      const env = { SLACK_BOT_TOKEN: SLACK_TOKEN, SLACK_TEAM_ID: "T000000001", ...redirected("https://slack.com", service.url) };
      try {
        return await provenBy("slack.ts", "slack_reference", installed, mark, { args: [], env, calls: slackCalls(service.ts), changed: service.changes, untried: [] });
      } finally {
        await service.close();
      }
    },
  },
  {
    profile: "postgres.ts", server: "postgres_reference",
    prove: (installed, mark) => withPostgres({ [MARK_VARIABLE]: mark }, async (postgres) => {
      postgres.query(POSTGRES_SEED);
      return provenBy("postgres.ts", "postgres_reference", installed, mark, { args: [postgres.url], env: {}, calls: postgresCalls(), changed: () => postgres.query(POSTGRES_STATE), untried: [] });
    }),
  },
  ...([["gitlab.ts", "gitlab", gitlabCalls()], ["gitlab-reference.ts", "gitlab_reference", gitlabReferenceCalls()]] as const).map(([profile, server, calls]): Proof => ({
    profile, server,
    prove: async (installed, mark) => {
      const service = await startFaultyService(gitlabReads, gitlabMessage, gitlabAsks);
      const env = { GITLAB_API_URL: `${service.url}/api/v4`, GITLAB_PERSONAL_ACCESS_TOKEN: NOBODY, GITLAB_DISABLE_VERSION_CHECK: "true", GITLAB_TOOLSETS };
      // It would leave a file in this folder.
      return provenBy(profile, server, installed, mark, { args: [], env, calls, changed: service.changes, asked: service.asked, secret: GITLAB_SECRET, untried: profile === "gitlab.ts" ? ["download_job_artifacts"] : [] }).finally(service.close);
    },
  })),
  {
    profile: "notion.ts", server: "notion",
    prove: async (installed, mark) => {
      const service = await startFaultyService(notionReads, notionMessage, notionAsks);
      const env = { NOTION_TOKEN: NOBODY, BASE_URL: service.url };
      return provenBy("notion.ts", "notion", installed, mark, { args: [], env, calls: notionCalls(), changed: service.changes, asked: service.asked, untried: [] }).finally(service.close);
    },
  },
  {
    profile: "sentry.ts", server: "sentry",
    prove: async (installed, mark) => {
      const service = await startFaultyService(sentryReads, sentryMessage);
      const env = redirected("https://sentry.test", service.url);
      return provenBy("sentry.ts", "sentry", installed, mark, { args: ["--access-token", NOBODY, "--host", "sentry.test"], env, calls: sentryCalls(), changed: service.changes, asked: service.asked, untried: [] }).finally(service.close);
    },
  },
  {
    profile: "linear.ts", server: "linear",
    prove: async (installed, mark) => {
      const service = await startFaultyService(() => undefined, linearMessage, undefined, LINEAR_DATA);
      const env = { LINEAR_API_KEY: NOBODY, ...redirected("https://api.linear.app", service.url) };
      return provenBy("linear.ts", "linear", installed, mark, { args: [], env, calls: linearCalls(), changed: service.changes, asked: service.asked, untried: [] }).finally(service.close);
    },
  },
];

type Situation = Pick<ProofSetting, "env" | "calls" | "changed" | "asked" | "secret" | "untried"> & { readonly args: readonly string[] };

function provenBy(profile: string, name: string, installed: string, mark: string, { args, env, ...rest }: Situation): Promise<readonly string[]> {
  const server = REAL_SERVERS.find((one) => one.name === name);
  if (server === undefined) throw new Error(`there is no server ${name}`);
  const [command, ...first] = commandOf(server, installed);
  return proveProfile({ server: name, profile, command: [command, ...first, ...args], env: { ...env, [MARK_VARIABLE]: mark }, ...rest });
}

async function inFolder(prove: (folder: string) => Promise<readonly string[]>): Promise<readonly string[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "offstage-proof-")));
  try {
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub/a.txt"), "one\ntwo\n");
    return await prove(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
