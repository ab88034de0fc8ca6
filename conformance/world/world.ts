import { type Data, encodeValue } from "offstage/base";
import type { ContentBlock, Offer, OfferReply, RawReply } from "offstage/calls";
import type { ReadAnswer } from "offstage/engine";
import { Shop } from "./shop.ts";

/** How the next matching call goes wrong. `written` says whether it happened; `ignored` answers as if it had. */
export interface Fault {
  readonly tool: string;
  readonly kind: "error-text" | "dropped" | "broken-result" | "hang" | "ignored";
  readonly written: boolean;
  readonly text?: string;
}

/** A pull request of the little world. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
}

interface Ticket {
  readonly key: string;
  readonly label: string;
  readonly summary: string;
  readonly status: "open" | "done";
  /** When the search index sees the last change. */
  readonly indexedAt: number;
}

/** One `tools/call` as the servers saw it. */
export interface SeenCall {
  readonly tool: string;
  readonly args: { readonly [key: string]: Data };
}

/**
 * Four small servers that the conformance cases run against: `repo` (items to look at, a merge), `tracker` (tickets; its
 * search is an index that lags), `chat` and `shop`, and a model. They answer as raw MCP results, keep state, and fail as they are told to.
 */
export class World {
  items: Item[] = [];
  /** What `repo://picture` shows. */
  picture = "picture bytes";
  readonly tickets = new Map<string, Ticket>();
  readonly messages: string[] = [];
  readonly merged: string[] = [];
  readonly calls: SeenCall[] = [];
  /** Those that did something, whatever their answer said. */
  readonly performed: SeenCall[] = [];
  readonly faults: Fault[] = [];
  /** How a call goes wrong that none of `faults` is for, by what is called and how often it was before: the same whatever goes on beside it. */
  faultOf: (call: SeenCall, before: number) => Fault | undefined = () => undefined;
  /** The key of a ticket: of its label, and of how many there were before. */
  keyOf: (label: string, before: number) => string = (_, before) => `T-${before + 1}`;
  readonly shop = new Shop();
  /** What the model answers; null: nothing that can be used. */
  modelSays: Data = null;
  /** How long a change stays invisible to `search`. */
  lagMs = 2_000;
  readonly #now: () => number;
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How often a tool was called. */
  count(tool: string): number {
    return this.calls.filter((call) => call.tool === tool).length;
  }

  /** Answers one call; fits `Session.call` of the calls room. */
  call(tool: string, args: Data): Promise<RawReply> {
    const given = args as { readonly [key: string]: Data };
    const fault = this.#takeFault(tool) ?? this.#faultNow({ tool, args: given });
    this.calls.push({ tool, args: given });
    if (fault === undefined) return Promise.resolve(this.#perform(tool, given));
    const reply = fault.written ? this.#perform(tool, given) : undefined;
    return faultReply(fault, reply);
  }

  /** Reads a resource (`repo://items/ID`, as JSON; `repo://about`, as text; `repo://picture`, as bytes) or a prompt: `greeting`, or `data`, whose text is JSON. */
  offer(offer: Offer): Promise<OfferReply> {
    if (offer.kind === "prompt") {
      this.calls.push({ tool: "prompt", args: { name: offer.name, ...offer.args } });
      const text = offer.name === "data" ? '{"a":1}' : `Greet ${offer.args["name"] ?? "nobody"}`;
      return Promise.resolve({ kind: "result", result: { messages: [{ role: "user", content: { type: "text", text } }] } });
    }
    const { uri } = offer;
    this.calls.push({ tool: "resource", args: { uri } });
    if (uri === "repo://picture") return Promise.resolve({ kind: "result", result: { contents: [{ uri, mimeType: "image/png", blob: Buffer.from(this.picture).toString("base64") }] } });
    const item = this.items.find(({ id }) => uri === `repo://items/${id}`);
    const read = uri === "repo://about" ? "About everything." : item === undefined ? null : JSON.stringify(item);
    if (read === null) return Promise.resolve({ kind: "error", sent: true, text: `Resource not found: ${uri}`, error: { code: "SERVER_PROTOCOL", message: "Resource not found" } });
    return Promise.resolve({ kind: "result", result: { contents: [{ uri, text: read }] } });
  }

  /** Answers a question to a model; fits `Models.ask` of the engine. */
  ask(prompt: string): Promise<ReadAnswer> {
    this.calls.push({ tool: "ask", args: { prompt } });
    if (this.modelSays === null) return Promise.resolve({ kind: "error", error: { code: "MODEL_FAILED", message: "It said nothing." }, gone: false });
    return Promise.resolve({ kind: "value", value: this.modelSays, gone: false });
  }

  #takeFault(tool: string): Fault | undefined {
    const index = this.faults.findIndex((fault) => fault.tool === tool);
    return index === -1 ? undefined : this.faults.splice(index, 1)[0];
  }

  #faultNow(call: SeenCall): Fault | undefined {
    const same = encodeValue(call.args);
    return this.faultOf(call, this.calls.filter(({ tool, args }) => tool === call.tool && encodeValue(args) === same).length);
  }

  #perform(tool: string, args: { readonly [key: string]: Data }): RawReply {
    this.performed.push({ tool, args });
    switch (tool) {
      case "list_items":
        return structured(this.items.map((item) => ({ ...item })));
      case "merge":
        this.merged.push(String(args["id"]));
        return structured({ merged: true });
      case "search":
        return structured([...this.tickets.values()].filter((t) => t.label === args["label"] && t.indexedAt <= this.#now()).map(({ key, summary }) => ({ key, summary })));
      case "get":
        return this.#ticket(args, (ticket) => structured({ key: ticket.key, summary: ticket.summary, status: ticket.status }));
      case "create":
        return this.#create(args);
      case "update":
        return this.#ticket(args, (ticket) => this.#put({ ...ticket, summary: String(args["summary"]) }));
      case "close":
        return this.#ticket(args, (ticket) => this.#put({ ...ticket, status: "done" }));
      case "reopen":
        return this.#ticket(args, (ticket) => this.#put({ ...ticket, status: "open" }));
      case "send":
        this.messages.push(String(args["text"]));
        return text("sent");
      default:
        return this.shop.perform(tool, args) ?? failure(`no tool ${tool}`);
    }
  }

  #create(args: { readonly [key: string]: Data }): RawReply {
    const key = this.keyOf(String(args["label"]), this.#made);
    this.#made += 1;
    this.#put({ key, label: String(args["label"]), summary: String(args["summary"]), status: "open", indexedAt: 0 });
    return text(`✅ Created\n\n**Key**: ${key}\n**Summary**: ${String(args["summary"])}`);
  }

  #ticket(args: { readonly [key: string]: Data }, use: (ticket: Ticket) => RawReply): RawReply {
    const ticket = this.tickets.get(String(args["key"]));
    return ticket === undefined ? failure(`Error: ${String(args["key"])} does not exist`) : use(ticket);
  }

  #put(ticket: Ticket): RawReply {
    this.tickets.set(ticket.key, { ...ticket, indexedAt: this.#now() + this.lagMs });
    return text(`✅ ${ticket.key}`);
  }
}

function faultReply(fault: Fault, performed: RawReply | undefined): Promise<RawReply> {
  switch (fault.kind) {
    case "hang":
      return new Promise(() => {});
    case "dropped":
      return Promise.resolve({ kind: "error", sent: true, error: { code: "SERVER_EXITED", message: "socket hang up" } });
    case "broken-result":
      return Promise.resolve(performed === undefined ? failure("broken") : text(fault.text ?? "✅ Created\n\n**Key**: undefined"));
    case "ignored":
      return Promise.resolve(performed ?? text("✅ done"));
    case "error-text":
      return Promise.resolve(failure(fault.text ?? "Error: Request failed with status code 502"));
  }
}

function structured(value: Data): RawReply {
  return { kind: "result", isError: false, structured: { result: value }, content: [] };
}

function text(value: string): RawReply {
  return { kind: "result", isError: false, structured: undefined, content: [{ type: "text", text: value }] };
}

function failure(value: string): RawReply {
  return { kind: "result", isError: true, structured: undefined, content: [{ type: "text", text: value } satisfies ContentBlock] };
}
