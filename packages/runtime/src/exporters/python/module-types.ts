import { unionOfTypes, type NamedType, type ValueType } from "../../base/index.ts";
import type { FunctionNode, ProgramTypes, RecordNode } from "../../program/index.ts";
import { pascalName } from "../../tools/index.ts";
import type { PythonName } from "./annotation.ts";
import { DeclaredTypes } from "./declared-types.ts";
import type { Given } from "./given.ts";
import { pythonImports } from "./python-imports.ts";
import type { Source } from "./source.ts";
import type { PyImport } from "./tree.ts";

/** Annotations of one module, and what it has to declare and import for those that were asked for. Nothing where the Program has no types. */
export interface ModuleTypes {
  /** Of a parameter; `mayMiss`: it is `undefined` where a call leaves it out; `given`: what is known of what it is given. */
  parameter(fn: FunctionNode, index: number, mayMiss: boolean, given: Given | undefined): string | undefined;
  rest(fn: FunctionNode): string | undefined;
  /** `says`: it has a value to give. */
  returns(fn: FunctionNode, says: boolean): string | undefined;
  /** Of a local whose value does not tell. */
  local(frameAt: number | undefined, slot: number): string | undefined;
  global(index: number): string | undefined;
  record(index: number): string | undefined;
  state(index: number): string | undefined;
  /** `Context[Inputs]`. */
  context(): string;
  close(): { readonly imports: readonly PyImport[]; readonly declarations: string };
}

/** What of the vocabulary has another name in Python; all else has the same, or none. */
const VOCABULARY: Readonly<Record<string, PythonName>> = {
  Approval: "Approval", Binding: "Binding", Context: "Context", QueueEvent: "QueueEvent", RawResult: "RawResult", RecordContext: "RecordContext", RecordHandle: "Record",
  ResourceEvent: "ResourceEvent", Run: "Run", ScheduleEvent: "ScheduleEvent", State: "State", WebhookEvent: "WebhookEvent",
};

const RECORD_CALLBACKS = ["identity", "find", "create", "keep", "read", "same", "update", "release", "reopen", "releaseWhen"] as const satisfies readonly (keyof RecordNode)[];

/** Opens the annotations of a module. `servers`: the modules of servers, by server. `taken`: names that it has for something else. */
export function openTypes(source: Source, servers: ReadonlyMap<string, string>, taken: Iterable<string>): ModuleTypes {
  return new OpenTypes(source, servers, taken);
}

class OpenTypes implements ModuleTypes {
  readonly #source: Source;
  readonly #servers: ReadonlyMap<string, string>;
  readonly #types: ProgramTypes | undefined;
  readonly #declared: DeclaredTypes;
  /** The module's own names → what they are called. */
  readonly #own = new Map<string, string>();
  readonly #hints: ReadonlyMap<string, string>;

  constructor(source: Source, servers: ReadonlyMap<string, string>, taken: Iterable<string>) {
    this.#source = source;
    this.#servers = servers;
    this.#types = source.debug.types;
    this.#hints = hintsOf(source);
    this.#declared = new DeclaredTypes((type, write) => this.#nameOf(type, write), taken);
    for (const [name, type] of Object.entries(this.#types?.declared ?? {})) this.#declared.preferOwn(type, () => this.#ownName(name));
    this.#declared.prefer(this.#types?.context?.inputs, "Inputs");
    this.#types?.records.forEach(({ item, kept }, index) => {
      this.#declared.prefer(kept, `${this.#recordName(index)}Kept`);
      this.#declared.prefer(item, `${this.#recordName(index)}Item`);
    });
  }

  parameter(fn: FunctionNode, index: number, mayMiss: boolean, given: Given | undefined): string | undefined {
    const type = this.#of(fn)?.parameters[index];
    if (type === undefined) return undefined;
    const hint = this.#hints.has(String(fn.at)) ? `${this.#hint(fn)}Argument` : this.#parameterName(fn, index, given?.name ?? null);
    if (type.kind === "tuple" && given?.isTuple === true) return `tuple[${type.items.map((item, place) => this.#declared.write(item, this.#partName(fn, index, place) ?? hint)).join(", ")}]`;
    if (type.kind === "tuple" && given?.isPair === true) return `Sequence[${this.#any("Sequence")}]`;
    return this.#declared.write(mayMiss ? unionOfTypes([type, { kind: "undefined" }]) : type, hint, "takes");
  }

  rest(fn: FunctionNode): string | undefined {
    const type = this.#of(fn)?.rest;
    return type === undefined ? undefined : this.#declared.write(type, `${this.#hint(fn)}Rest`, "takes");
  }

  returns(fn: FunctionNode, says: boolean): string | undefined {
    const type = this.#of(fn)?.result;
    if (type === undefined) return undefined;
    if (type.kind === "undefined") return says ? `${this.#declared.write(type, "")} | None` : "None";
    return this.#declared.write(type, `${this.#hint(fn)}Result`);
  }

  local(frameAt: number | undefined, slot: number): string | undefined {
    const type = this.#types?.locals[String(frameAt)]?.[String(slot)];
    return type === undefined ? undefined : this.#declared.write(type, pascalName(this.#source.debug.names[String(frameAt)]?.[slot] ?? "Value"));
  }

  global(index: number): string | undefined {
    const type = this.#types?.globals[index] ?? undefined;
    return type === undefined ? undefined : this.#declared.write(type, pascalName(this.#source.debug.globals[index] ?? "Value"));
  }

  record(index: number): string | undefined {
    const record = this.#types?.records[index];
    if (record === undefined) return undefined;
    this.#declared.needs("Record");
    const name = this.#recordName(index);
    return `Record[${this.#declared.write(record.item, `${name}Item`)}, ${this.#declared.write(record.kept, `${name}Kept`)}]`;
  }

  state(index: number): string | undefined {
    const type = this.#types?.states[index];
    if (type === undefined) return undefined;
    this.#declared.needs("State");
    return `State[${this.#declared.write(type, pascalName(this.#source.states?.[index]?.name ?? "State"))}]`;
  }

  context(): string {
    this.#declared.needs("Context");
    const inputs = this.#types?.context?.inputs;
    return `Context[${inputs === undefined ? this.#any() : this.#declared.write(inputs, "Inputs")}]`;
  }

  close(): ReturnType<ModuleTypes["close"]> {
    return { declarations: this.#declared.print(), imports: pythonImports(this.#declared.needed) };
  }

  #of(fn: FunctionNode): ProgramTypes["functions"][string] | undefined {
    return this.#types?.functions[String(fn.at)];
  }

  #hint(fn: FunctionNode): string {
    return this.#hints.get(String(fn.at)) ?? "";
  }

  /** What stands in a function without a name of its own is called after what takes it. */
  #parameterName(fn: FunctionNode, index: number, item: string | null): string {
    const pattern = fn.parameters[index]?.pattern;
    const own = pattern?.kind === "bind" ? this.#source.debug.names[String(fn.at)]?.[pattern.slot] : undefined;
    return pascalName(own !== undefined && own.length > 1 ? own : (item ?? own ?? "Argument"));
  }

  /** What a part of a parameter is called, which is taken apart. */
  #partName(fn: FunctionNode, index: number, place: number): string | undefined {
    const pattern = fn.parameters[index]?.pattern;
    const part = pattern?.kind === "array" ? pattern.elements[place]?.pattern : undefined;
    const name = part?.kind === "bind" ? this.#source.debug.names[String(fn.at)]?.[part.slot] : undefined;
    return name === undefined ? undefined : pascalName(name);
  }

  #recordName(index: number): string {
    return pascalName(this.#source.records?.[index]?.name ?? "Record");
  }

  #any(...others: readonly PythonName[]): string {
    for (const name of ["Any", ...others] as const) this.#declared.needs(name);
    return "Any";
  }

  #nameOf(type: NamedType, write: (inner: ValueType) => string): string {
    if (type.from === "server") {
      const module = this.#servers.get(type.server);
      return module === undefined ? this.#any() : `${module}.${type.name}`;
    }
    if (type.from === "module") return this.#ownName(type.name);
    const name = Object.hasOwn(VOCABULARY, type.name) ? VOCABULARY[type.name] : undefined;
    if (name === undefined) return this.#any();
    if (name === "Context") return this.context();
    this.#declared.needs(name);
    const args = (type.args ?? []).map(write);
    return args.length === 0 ? name : `${name}[${args.join(", ")}]`;
  }

  #ownName(name: string): string {
    const known = this.#own.get(name);
    if (known !== undefined) return known;
    const made = this.#declared.take(name);
    this.#own.set(name, made);
    this.#declared.declare(made, { type: this.#types?.declared[name] ?? { kind: "any" } });
    return made;
  }
}

/** What objects without a name are called after, by the function in which they occur. */
function hintsOf({ globals, records = [], debug }: Source): ReadonlyMap<string, string> {
  const hints = new Map<string, string>();
  globals.forEach(({ value }, index) => {
    if (value.kind === "function") hints.set(String(value.fn.at), pascalName(debug.globals[index] ?? "Helper"));
  });
  for (const record of records) for (const key of RECORD_CALLBACKS) {
    const fn = record[key];
    if (fn !== undefined) hints.set(String(fn.at), `${pascalName(record.name)}${pascalName(key)}`);
  }
  return hints;
}
