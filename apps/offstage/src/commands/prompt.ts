import { isOffstageError, OffstageError, parseExact } from "offstage/base";
import type { ListItem } from "offstage/mcp";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import type { ExitCode } from "../exit-code.ts";
import { argumentOf, argumentsOf, listOffers, propose, readOffer, textOf } from "../server-offers.ts";

interface PromptOptions {
  readonly args: string;
  readonly complete?: string;
}

/** `offstage prompt`: what `server.prompt(name, args)` gives in a workflow. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[server]", "only this one's; all of them are listed without it")
    .argument("[name]", "the prompt; without it they are listed, with their arguments")
    .option("--args <json>", "its arguments, a JSON object of texts", "{}")
    .option("--complete <name=beginning>", "how an argument may go on")
    .action(io.action((server: string | undefined, name: string | undefined, options: PromptOptions) => prompt(server, name, options, io)));
}

async function prompt(server: string | undefined, name: string | undefined, options: PromptOptions, io: CommandIo): Promise<ExitCode> {
  if (server === undefined || name === undefined) return listOffers(io, server, "There are no prompts.", ({ prompts }) => prompts.map((data) => ({ name: `${textOf(data, "name")}(${argumentNames(data)})`, about: textOf(data, "description"), data })));
  const args = parseArguments(options.args);
  return options.complete === undefined ? readOffer(io, server, { kind: "prompt", name, args }) : propose(io, server, { of: { prompt: name }, ...argumentOf(options.complete), known: args });
}

/** `who, style?`. */
function argumentNames(data: ListItem): string {
  return argumentsOf(data).map(({ name, required }) => `${name}${required ? "" : "?"}`).join(", ");
}

function parseArguments(text: string): { readonly [name: string]: string } {
  try {
    const args: unknown = parseExact(text);
    if (typeof args === "object" && args !== null && !Array.isArray(args) && Object.values(args).every((value) => typeof value === "string")) return args as { readonly [name: string]: string };
  } catch (error) {
    if (!isOffstageError(error)) throw error;
  }
  throw new OffstageError("USAGE", "--args is not a JSON object of texts.", { hint: `Write --args '{"name": "value"}'.` });
}
