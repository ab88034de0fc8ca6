import { createEmulator } from "emulate";
import { SEED_PULLS } from "../seed/pulls.ts";
import type { SeedPull } from "../seed/pulls.ts";

/** A pull request as the demo and its tests look at it; GitHub's own answer has many more fields. */
export interface GithubPull {
  readonly id: number;
  readonly node_id: string;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly merged_at: string | null;
  readonly html_url: string;
}

/** A comment on an issue or pull request. */
export interface GithubComment {
  readonly id: number;
  readonly body: string;
}

/** A running GitHub with one repository, and hands to change it as people would. Every call is a REST request. */
export interface GithubEmulator {
  readonly url: string;
  /** Accepted as a bearer token; of the user that writes the comments. */
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly pulls: (state?: "open" | "closed" | "all") => Promise<readonly GithubPull[]>;
  readonly addPull: (pull: Pick<SeedPull, "title"> & Partial<SeedPull>) => Promise<GithubPull>;
  readonly closePull: (number: number) => Promise<void>;
  readonly mergePull: (number: number) => Promise<void>;
  readonly retitlePull: (number: number, title: string) => Promise<void>;
  readonly comments: (number: number) => Promise<readonly GithubComment[]>;
  readonly close: () => Promise<void>;
}

export interface GithubOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** What the repository holds at first; `SEED_PULLS` when not given. */
  readonly pulls?: readonly SeedPull[];
}

const OWNER = "acme";
const REPO = "api";
const TOKENS = { ana: "demo-github-token-of-ana", bo: "demo-github-token-of-bo", chen: "demo-github-token-of-chen" } as const;
const BOT = "demo-github-token-of-offstage";
const PER_PAGE = 100;

/** Starts `emulate`'s GitHub on 127.0.0.1 and fills it through its REST API, in the order of the list. */
export async function startGithub(options: GithubOptions = {}): Promise<GithubEmulator> {
  const people = [...Object.entries(TOKENS), ["offstage-bot", BOT] as const];
  const emulator = await createEmulator({
    service: "github",
    port: options.port ?? 0,
    seed: {
      tokens: Object.fromEntries(people.map(([login, token]) => [token, { login, scopes: ["repo", "user"] }])),
      github: {
        users: people.map(([login]) => ({ login })),
        orgs: [{ login: OWNER, name: "Acme", members: people.map(([login]) => ({ login, role: "admin" })) }],
        repos: [{ owner: OWNER, name: REPO, auto_init: true }],
      },
    },
  });
  // It listens on IPv4 loopback only, and calls itself `localhost`, which may mean ::1.
  const url = `http://127.0.0.1:${new URL(emulator.url).port}`;
  const github = { ...handsOn(url), url, token: BOT, owner: OWNER, repo: REPO, close: () => emulator.close() };
  try {
    for (const pull of options.pulls ?? SEED_PULLS) await github.addPull(pull);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return github;
}

function handsOn(url: string): Pick<GithubEmulator, "pulls" | "addPull" | "closePull" | "mergePull" | "retitlePull" | "comments"> {
  const request = async <T>(method: string, path: string, token: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/repos/${OWNER}/${REPO}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The GitHub emulator answered ${method} ${path} with ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const allPages = async <T>(path: string): Promise<readonly T[]> => {
    const items: T[] = [];
    for (let page = 1; ; page += 1) {
      const next = await request<readonly T[]>("GET", `${path}per_page=${PER_PAGE}&page=${page}`, BOT);
      items.push(...next);
      if (next.length < PER_PAGE) return items;
    }
  };
  const closePull = async (number: number): Promise<void> => void (await request("PATCH", `/pulls/${number}`, TOKENS.ana, { state: "closed" }));
  const mergePull = async (number: number): Promise<void> => void (await request("PUT", `/pulls/${number}/merge`, TOKENS.ana, {}));
  let branches = 0;
  return {
    pulls: (state = "all") => allPages<GithubPull>(`/pulls?state=${state}&direction=asc&`),
    addPull: async ({ title, author = "ana", labels = [], state = "open" }) => {
      branches += 1;
      // The emulator makes a head branch that does not exist yet.
      const body = { title, body: `Seeded by the demo (${branches}).`, head: `change-${branches}`, base: "main" };
      const pull = await request<GithubPull>("POST", "/pulls", TOKENS[author], body);
      if (labels.length > 0) await request("POST", `/issues/${pull.number}/labels`, TOKENS[author], { labels });
      if (state === "closed") await closePull(pull.number);
      if (state === "merged") await mergePull(pull.number);
      return request<GithubPull>("GET", `/pulls/${pull.number}`, BOT);
    },
    closePull,
    mergePull,
    retitlePull: async (number, title) => void (await request("PATCH", `/pulls/${number}`, TOKENS.ana, { title })),
    comments: (number) => allPages<GithubComment>(`/issues/${number}/comments?`),
  };
}
