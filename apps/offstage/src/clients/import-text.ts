import { shellWord } from "../command-line.ts";
import { escapeControls } from "../terminal.ts";
import { shorten } from "offstage/base";
import type { Finding, FoundServer } from "./find-servers.ts";

/** UTF-16 units of a command, or of a value, that are shown, and values of one server; `--json` has all of them. */
const SHOWN = 400;
const MOST_VALUES = 20;

/** Servers for people: each with what it would run and with which plain values, and what would come from the environment. Controls are escaped. */
export function serversText(servers: readonly FoundServer[]): string {
  return servers.flatMap(serverLines).join("\n");
}

/** What other clients have and is not imported, each with its reason; empty when there is nothing. */
export function leftOutText({ servers, leftOut }: Finding): string {
  const had = [...new Set(servers.filter(({ collides }) => collides === "project").map(({ name }) => name))];
  const lines = [
    ...(had.length === 0 ? [] : [`  ${had.join(", ")}: mcp.json has ${had.length === 1 ? "one" : "servers"} of that name`]),
    ...servers.filter(({ collides }) => collides === "client").map(({ name, client, files }) => `  ${name} (${files.join(", ")}): another one of that name comes first; --import ${client}:${name} takes this one instead`),
    ...leftOut.map(({ name, file, why }) => `  ${name === null ? file : `${name} (${file})`}: ${why}`),
  ];
  return lines.length === 0 ? "" : ["Left out:", ...lines].join("\n");
}

function serverLines(server: FoundServer): readonly string[] {
  const moved = server.variables.filter(({ place }) => place !== null).map(({ name, place }) => `${name} (${place ?? ""})`);
  const referred = server.variables.filter(({ place }) => place === null).map(({ name }) => name);
  return [
    `  ${server.name}  ${server.files.join(", ")}`,
    `      ${shown(commandText(server))}`,
    ...plainValues(server).map((value) => `      ${value}`),
    ...(moved.length === 0 ? [] : [`      secrets stay there and become references: ${moved.join(", ")}`]),
    ...(referred.length === 0 ? [] : [`      needs ${referred.join(", ")}`]),
  ];
}

/** What a server would get besides its command, as it would stand in `mcp.json`; what is a secret is told elsewhere. */
function plainValues({ entry, variables }: FoundServer): readonly string[] {
  const moved = new Set(variables.map(({ place }) => place));
  const named = entry.kind === "http" ? Object.entries(entry.headers).filter(([name]) => !moved.has(`header ${name}`)).map(([name, value]) => `${name}: ${value}`) : Object.entries(entry.env).filter(([name]) => !moved.has(`env ${name}`)).map(([name, value]) => `${name}=${value}`);
  const around = entry.kind === "http" ? [] : [...(entry.cwd === null ? [] : [`in ${entry.cwd}`]), ...(entry.envFile === null ? [] : [`with the variables of ${entry.envFile}`])];
  const more = named.length > MOST_VALUES ? [`… and ${named.length - MOST_VALUES} more (--json shows all)`] : [];
  return [...[...named.slice(0, MOST_VALUES), ...around].map(shown), ...more];
}

function shown(text: string): string {
  return escapeControls(text.length <= SHOWN ? text : `${shorten(text, SHOWN)} (--json shows all)`);
}

/** What is started, or where it is; words as a shell would have to be given them. */
export function commandText({ entry }: Pick<FoundServer, "entry">): string {
  return entry.kind === "http" ? entry.url : [entry.command, ...entry.args].map(shellWord).join(" ");
}

/** What has to be set before the imported servers can be used; empty when nothing has to. */
export function variablesText(imported: readonly FoundServer[]): string {
  const names = [...new Set(imported.flatMap(({ variables }) => variables.map(({ name }) => name)))];
  const lines = names.map((name) => {
    const users = imported.flatMap(({ name: server, files, variables }) => variables.filter((variable) => variable.name === name).map(({ place }) => (place === null ? server : `${server}: ${place} in ${files[0] ?? ""}`)));
    return `  export ${name}=…   # ${users.join("; ")}`;
  });
  return lines.length === 0 ? "" : ["Set before you start Offstage:", ...lines].join("\n");
}

/** An entry as `mcp.json` has it: what is empty is left out. */
export function entryForFile({ entry }: Pick<FoundServer, "entry">): object {
  const some = (values: Readonly<Record<string, string>> | readonly string[]): boolean => Object.keys(values).length > 0;
  if (entry.kind === "http") {
    const { type, url, headers } = entry;
    return { ...(type !== null && /^(?:http|sse|streamable-?http)$/i.test(type) ? { type } : {}), url, ...(some(headers) ? { headers } : {}) };
  }
  const { command, args, env, cwd, envFile } = entry;
  return { command, ...(some(args) ? { args } : {}), ...(some(env) ? { env } : {}), ...(cwd === null ? {} : { cwd }), ...(envFile === null ? {} : { envFile }) };
}
