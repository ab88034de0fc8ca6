import type { Json, JsonObject } from "../base/index.ts";
import type { Deployment, ServerProgram } from "./deployment.ts";

/** How the servers that are started here are started; names in order. */
export function serverPrograms(servers: { readonly [name: string]: JsonObject }): readonly ServerProgram[] {
  return Object.entries(servers).flatMap(([server, { command, args }]) => (typeof command === "string" ? [{ server, command, fetches: fetched(command, Array.isArray(args) ? args : []) }] : []));
}

/** What a function's machine has, beside the workflow's own language none. */
const OF_RUNTIME: Readonly<Record<Deployment["language"], readonly string[]>> = { workflow: ["node", "npx"], typescript: ["node", "npx"], python: ["python", "python3"] };

/** What is started and a function's machine does not have, for people; null: nothing. */
export function missingOnFunction({ programs, needs, language }: Pick<Deployment, "programs" | "needs" | "language">): string | null {
  const started = [...programs.map(({ command, server }) => ({ command, by: server })), ...needs.programs.map(({ argv: [command = ""] }) => ({ command, by: "a secret" }))];
  const missing = Map.groupBy(started.filter(({ command }) => !OF_RUNTIME[language].includes(command)), ({ command }) => command);
  return missing.size === 0 ? null : `Not all that is started is there: ${[...missing].map(([command, of]) => `${command} (${[...new Set(of.map(({ by }) => by))].join(", ")})`).join(", ")}. Use servers with a url, or those that ${language === "python" ? "Python" : "Node"} runs.`;
}

/** `npx -y a@1` and `uvx a==1` download a package at each start that finds none. */
function fetched(command: string, args: readonly Json[]): ServerProgram["fetches"] {
  const by = { npx: "npm", uvx: "pypi" }[command.split(/[\\/]/).at(-1) ?? ""] as "npm" | "pypi" | undefined;
  if (by === undefined) return null;
  const words = args.filter((word) => typeof word === "string");
  const named = words.findIndex((word) => ["-p", "--package", "--from"].includes(word));
  const spec = named === -1 ? words.find((word) => !word.startsWith("-")) : words[named + 1];
  return spec === undefined || !/^[@\w][\w./@=+~^-]*$/.test(spec) ? null : { by, spec };
}

const USUAL_PORTS: { readonly [protocol: string]: number } = { "https:": 443, "http:": 80, "redis:": 6379, "rediss:": 6379, "nats:": 4222, "tls:": 4222, "postgres:": 5432, "postgresql:": 5432 };

/** The ports of other machines that texts name, and those that are guessed where a variable has the URL. */
export function reachedPorts(servers: { readonly [name: string]: JsonObject }, settings: JsonObject): readonly number[] {
  const urls = textsIn([servers, settings]).flatMap((text) => text.match(/\b(?:https?|rediss?|nats|tls|postgres(?:ql)?):\/\/[^\s"',]+/g) ?? []);
  const found = urls.flatMap((text) => {
    const [, protocol = "", port] = /^([a-z]+:)\/\/[^/?#]*?(?::(\d+))?(?:[/?#]|$)/.exec(text) ?? [];
    return port === undefined ? (USUAL_PORTS[protocol] ?? []) : Number(port);
  });
  const store = (settings["store"] as JsonObject | undefined)?.["postgres"] === undefined ? [] : [5432];
  const kinds = Object.values((settings["queues"] ?? {}) as { readonly [name: string]: JsonObject }).map(({ kind }) => kind);
  return [...new Set([443, ...found, ...store, ...(kinds.includes("redis") ? [6379] : []), ...(kinds.includes("nats") ? [4222] : [])])].toSorted((one, other) => one - other);
}

/** Every text in data. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
