import type { Json, JsonObject } from "../base/index.ts";
import { ownModules, programFamily, walkNodes } from "../program/index.ts";
import type { ExportSource } from "./export-source.ts";
import { usedIn } from "./used-needs.ts";

/** What the library for Python makes of a project. Each line is for people, and begins with what it is about. */
export interface ForPython {
  /** As Python is given it: settings that only take something away from `serve` are left out, and so is what speaks of other servers. */
  readonly source: ExportSource;
  /** With these nothing of it could run: the library refuses at its start, or the run at this step. */
  readonly refused: readonly string[];
  /** With these `serve` refuses, and all other commands run. */
  readonly unserved: readonly string[];
  /** What the project says and Python does without. */
  readonly passedBy: readonly string[];
}

/** What is left out of `serve` and of `approvals`, and what is said of it: it would open something or tell somebody, and Python opens and tells less. */
const LEFT_OUT: Readonly<Record<"serve" | "approvals", Readonly<Record<string, string>>>> = {
  serve: {
    metrics: "no metrics are shown at an address; OpenTelemetry's variables send traces.",
    api: "there is no API over HTTP; commands answer, show and pause.",
    reload: "files are read at the start: restart it to take edits.",
  },
  approvals: {
    links: "nobody answers by links; the commands approve and deny do.",
    notify: "nobody is told of what waits; the command runs lists it.",
  },
};

/** Told before anything is written, since Python itself would tell it at its first start only. What it tells then is in `offstage.config` and `offstage.serving`. */
export function forPython(source: ExportSource): ForPython {
  // Models and kept logins would want their keys, and nothing that may be exported asks for either.
  const { serve, approvals, servers, model: _m, tokens: _t, ...rest } = source.settings;
  const [served, asked] = [without("serve", serve), without("approvals", approvals)];
  // All of `servers` is read, and what is said of one that it never reaches would be refused all the same.
  const own = Object.fromEntries(Object.entries(objectOf(servers)).filter(([name]) => Object.hasOwn(source.servers, name)));
  const settings: JsonObject = { ...rest, ...served.kept, ...asked.kept, ...(Object.keys(own).length === 0 ? {} : { servers: own }) };
  return {
    source: { ...source, settings, needs: usedIn(source.needs, [source.servers, source.inputs, settings]) },
    refused: [...Object.entries(own).flatMap(([name, server]) => refusedOf(name, objectOf(server))), ...eventStreams(source), ...models(source), ...ownCode(source)],
    unserved: unserved(source),
    passedBy: [...served.said, ...asked.said, ...(rest["retention"] === undefined ? [] : ["retention does nothing: what is over is kept."])],
  };
}

function without(part: keyof typeof LEFT_OUT, value: Json | undefined): { readonly kept: JsonObject; readonly said: readonly string[] } {
  const members = Object.entries(objectOf(value));
  const left = members.filter(([name, member]) => Object.hasOwn(LEFT_OUT[part], name) && member !== false);
  const kept = Object.fromEntries(members.filter((one) => !left.includes(one)));
  return { kept: value === undefined ? {} : { [part]: kept }, said: left.map(([name]) => `${part}.${name} is left out: ${LEFT_OUT[part][name] ?? ""}`) };
}

/** A server would be let do more, or be told something else, than its owner wrote. */
function refusedOf(server: string, { sandbox = false, elicitation = "decline", sampling = "refuse", roots = [], auth }: JsonObject): readonly string[] {
  const { kind = "bearer" } = objectOf(auth);
  const asked = [
    ...(sandbox === false ? [] : ["sandbox"]),
    ...(elicitation === "decline" || elicitation === "none" ? [] : ["elicitation"]),
    ...(sampling === "refuse" ? [] : ["sampling"]),
    ...(Array.isArray(roots) && roots.length === 0 ? [] : ["roots"]),
    ...(kind === "bearer" || kind === "client-credentials" ? [] : [`auth by ${JSON.stringify(kind)}`]),
  ];
  return asked.map((name) => `servers.${server}: ${name}`);
}

function eventStreams({ servers }: ExportSource): readonly string[] {
  return Object.entries(servers).flatMap(([name, { type }]) => (type === "sse" ? [`mcp.json, ${name}: the older event stream (type: sse)`] : []));
}

function models({ program }: ExportSource): readonly string[] {
  return programFamily(program).flatMap((one) => {
    let asks = false;
    walkNodes(one, (node) => {
      asks ||= node.kind === "ask";
      return true;
    });
    return asks ? [`${one.name}: it asks a model`] : [];
  });
}

function ownCode({ program }: ExportSource): readonly string[] {
  return programFamily(program).flatMap((one) => ownModules(one).map((module) => `${one.name}: its owner's code, own/${module}.ts`));
}

function unserved({ program, settings }: ExportSource): readonly string[] {
  const queues = objectOf(settings["queues"]);
  // One that nobody describes is told of as every other one is: it may be of Redis.
  const isKnown = (name: string): boolean => ["redis", undefined].includes(objectOf(queues[name])["kind"] as string | undefined);
  return program.triggers.flatMap((trigger) => {
    if (trigger.kind === "queue") return isKnown(trigger.name) ? [] : [`the queue ${trigger.name}`];
    return trigger.kind === "resource" ? [`changes of ${trigger.uri}`] : [];
  });
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
