import type { GetPromptResult, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

/** What people begin with, where their client offers prompts. */
export function registerPrompts(server: McpServer): void {
  server.registerPrompt("automate", { title: "Automate this", description: "Work a workflow out, plan it, and show what it would write.", argsSchema: z.object({ what: z.string().describe("for example: raise a Jira ticket for every pull request with 'memory leak' in its title") }) }, ({ what }) =>
    said(`Work out a workflow that does this: ${what}\n\nFind the tools, look at what they answer, read "language" and an example that is near it, write the workflow until it checks, test what could be empty or missing, and plan it. Then show me the writes of the plan, and what is not known before they are made. Apply nothing before I say so.`));
  server.registerPrompt("explain-run", { title: "Explain this run", description: "What a run did, and why.", argsSchema: runArgument() }, ({ run }) =>
    said(`Explain run ${run}: what started it, what it read, each write with its reason, and what is open. Use runs with run "${run}".`));
  server.registerPrompt("why-failed", { title: "Why did this fail?", description: "Finds what went wrong in a run, and proposes what to change.", argsSchema: runArgument() }, ({ run }) =>
    said(`Find out why run ${run} failed or is not finished: use runs with run "${run}", read its workflow, and try_read what it read if that helps. Say what went wrong in plain words, whether anything is half done, and what to change. Draft the change and test it; adopt nothing before I say so.`));
}

function runArgument(): z.ZodObject<{ run: z.ZodString }> {
  return z.object({ run: z.string().describe("its id, or `last`") });
}

function said(text: string): GetPromptResult {
  return { messages: [{ role: "user", content: { type: "text", text } }] };
}
