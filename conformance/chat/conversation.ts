import type { Chat, ChatReply } from "../../apps/offstage/src/testing/chat.ts";

/** One line of a conversation. */
export type Turn =
  | { readonly who: "person" | "model"; readonly text: string }
  | { readonly who: "tool"; readonly name: string; readonly args: Readonly<Record<string, unknown>>; readonly reply: ChatReply }
  /** What the client showed the person, and what they chose. */
  | { readonly who: "client"; readonly asked: string; readonly answer: string };

const FIRST = `import { each, every, once, quote, record, workflow } from "offstage";
import { github, jira } from "#servers";

const label = (pr: github.PullRequest) => "gh-pr-" + String(pr.id);

const ticket = record("ticket", {
  identity: (pr: github.PullRequest) => pr.node_id,
  find: (pr) => jira.jira_search.pages({ action: "issues", jql: \`project = PROD AND labels = \${quote.jql(label(pr))}\`, fields: ["summary"] }),
  create: (pr) => jira.jira_issues({ action: "create", projectKey: "PROD", issueType: "Bug", summary: pr.title, labels: [label(pr)], description: pr.html_url }),
  keep: (issue) => ({ key: issue.key }),
});

export default workflow({
  name: "leak-tickets",
  description: "A Jira ticket for every open pull request about a memory leak.",
  on: [every("10m")],
  inputs: { owner: "acme", repo: "api" },
  limits: { writes: 50 },
}, async ({ inputs }) => {
  const pulls = await github.list_pull_requests.pages({ ...inputs, state: "open", per_page: 100 }, { max: 50 });
  const leaks = pulls.filter((pr) => /memory leak/i.test(pr.title));
  await each(leaks, { key: (pr) => pr.node_id, onError: "continue" }, async (pr) => {
    const { key } = await ticket.ensure(pr);
    once(\`comment:\${pr.node_id}\`, () => github.add_issue_comment({ ...inputs, issue_number: pr.number, body: \`Tracked as \${key}\` }));
  });
  return { leaks: leaks.length };
});
`;

const FILE = "workflows/leak-tickets.ts";
const WORKFLOW = { workflow: "leak-tickets" };

/** What a conversation is held with: turns as they come, and who answers for the person. */
export interface Talk {
  readonly turns: readonly Turn[];
  say(who: "person" | "model", text: string): void;
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<ChatReply>;
}

/** Notes all that is said and shown; whoever asks the person for the client tells it by `asked`. */
export function createTalk(chat: () => Chat): Talk & { readonly asked: (message: string, answer: string) => void } {
  const turns: Turn[] = [];
  return {
    turns,
    say: (who, text) => void turns.push({ who, text }),
    asked: (asked, answer) => void turns.push({ who: "client", asked, answer }),
    async call(name, args = {}) {
      const reply = await chat().call(name, args);
      // Behind what the person was asked meanwhile.
      turns.push({ who: "tool", name, args, reply });
      return reply;
    },
  };
}

/** From the sentence to a workflow that checks. */
export async function workOut(talk: Talk): Promise<void> {
  talk.say("person", "Raise a Jira ticket for every pull request with 'memory leak' in its title.");
  await talk.call("find_tools", { words: "list pull requests" });
  await talk.call("find_tools", { words: "search and create jira issues" });
  await talk.call("read", { name: "language" });
  await talk.call("try_read", { tool: "github.list_pull_requests", args: { owner: "acme", repo: "api", state: "open" } });
  await talk.call("find_tools", { words: "jira.jira_issues" });
  await talk.call("try_read", { tool: "jira.jira_search", args: { action: "issues", jql: "project = PROD", fields: ["summary"] } });
  await talk.call("write", { file: FILE, text: FIRST });
  await talk.call("write", { file: FILE, fix: true });
}

/** From there to tickets, the project and Python. */
export async function bringHome(talk: Talk): Promise<void> {
  const planned = await talk.call("plan", WORKFLOW);
  const plan = /apply with plan (\S+);/.exec(planned.text)?.[1] ?? "";
  await talk.call("test", { ...WORKFLOW, answers: { "github.list_pull_requests": [] } });
  talk.say("model", "It would raise a ticket for each pull request that says \"memory leak\", and comment once on each with the ticket's key. The comments depend on the keys, which are known after the tickets are made. Shall I go on?");
  talk.say("person", "Yes, do it.");
  await talk.call("apply", { plan });
  await talk.call("plan", WORKFLOW);
  talk.say("person", "Good. Keep it running, and give me the Python of it too.");
  await talk.call("adopt", { file: FILE });
  await talk.call("export", { ...WORKFLOW, target: "python" });
}
