import { escapeControls } from "../terminal.ts";
import { shorten } from "offstage/base";
import type { Finding, FoundServer } from "./find-servers.ts";

/** UTF-16 units of a command that are shown; `--json` has all of it. */
const SHOWN = 200;

/** Servers for people: each with what it would run, and what would come from the environment. Controls are escaped. */
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
    `      ${escapeControls(shorten(commandText(server), SHOWN))}`,
    ...(moved.length === 0 ? [] : [`      secrets stay there and become references: ${moved.join(", ")}`]),
    ...(referred.length === 0 ? [] : [`      needs ${referred.join(", ")}`]),
  ];
}

/** What is started, or where it is. */
export function commandText({ entry }: Pick<FoundServer, "entry">): string {
  return entry.kind === "http" ? entry.url : [entry.command, ...entry.args].join(" ");
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
