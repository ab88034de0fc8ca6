import { OffstageError } from "offstage/base";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import type { ExitCode } from "../exit-code.ts";
import { argumentOf, listOffers, propose, readOffer, textOf } from "../server-offers.ts";

interface ReadOptions {
  readonly save?: string;
  readonly complete?: string;
}

/** `offstage read`: what `server.read(uri)` reads in a workflow. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[server]", "only this one's; all of them are listed without it")
    .argument("[uri]", "the resource to read; without it they are listed, {…} where a URI takes an argument")
    .option("--save <dir>", "write the images, sounds and files in it into this folder")
    .option("--complete <name=beginning>", "how an argument of a URI with {…} may go on")
    .action(io.action((server: string | undefined, uri: string | undefined, options: ReadOptions) => read(server, uri, options, io)));
}

async function read(server: string | undefined, uri: string | undefined, { save, complete }: ReadOptions, io: CommandIo): Promise<ExitCode> {
  if (server === undefined || uri === undefined) {
    return listOffers(io, server, "There are no resources.", ({ resources, templates }) => [
      ...resources.map((data) => ({ name: textOf(data, "uri"), about: textOf(data, "description") || textOf(data, "name"), data })),
      ...templates.map((data) => ({ name: textOf(data, "uriTemplate"), about: textOf(data, "description") || textOf(data, "name"), data })),
    ]);
  }
  if (complete !== undefined) return propose(io, server, { of: { template: uri }, ...argumentOf(complete), known: {} });
  if (/\{[^}]*\}/.test(uri)) throw new OffstageError("USAGE", `${uri} takes an argument in place of {…}.`, { hint: `Write it out; \`${commandLine(io, "read", server, uri)} --complete name=\` asks the server for what there is.` });
  return readOffer(io, server, { kind: "resource", uri }, save);
}
