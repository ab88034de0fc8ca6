import type { EffectIdentity } from "../../model/index.ts";

/** A write of a plan, as a client's page gets it. */
export interface ShownWrite {
  readonly id: string;
  readonly identity: EffectIdentity;
  readonly identityKnown: boolean;
  readonly sign: string;
  readonly label: string;
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly certainty: string;
  readonly undo: string | null;
  /** Why it was held: a rule's words, or the write that it comes after, by its id. */
  readonly why: { readonly detail?: string; readonly effect?: string };
  readonly args: { readonly value: unknown; readonly unknown: readonly { readonly path: readonly (string | number)[] }[] };
}

/** What is said of a write: `kind` is the class of its sign. A value comes in pieces, with null where it is known only after apply. */
export interface WriteWords {
  readonly kind: string;
  readonly sign: string;
  readonly where: string;
  /** What makes it the same write another time, and what it waits for. */
  readonly identity: string;
  readonly rows: readonly { readonly name: string; readonly value: readonly (string | null)[] }[];
}

/** A write in the words of the plan's page; `before` is the label of the write that it comes after. Handed over as text like the page itself, so it names nothing outside itself. */
export function writeWords({ identity, identityKnown, sign, server, tool, target, certainty, undo, why, args }: ShownWrite, before?: string): WriteWords {
  const kinds: Readonly<Record<string, string>> = { "+": "create", "=": "adopt", "~": "update", "-": "release" };
  const kind = kinds[sign] ?? "create";
  type Unknown = ShownWrite["args"]["unknown"];
  const within = (unknown: Unknown, key: string): Unknown => unknown.filter(({ path: [first] }) => String(first) === key).map(({ path }) => ({ path: path.slice(1) }));
  // Strings are quoted, so that none looks like a value of another kind.
  const pieces = (value: unknown, unknown: Unknown, indent: string): readonly (string | null)[] => {
    if (unknown.some(({ path }) => path.length === 0)) return [null];
    if (unknown.length === 0) return [JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`)];
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
    const parts = Object.entries(value as object).map(([key, one]) => [open === "[" ? "" : `${JSON.stringify(key)}: `, ...pieces(one, within(unknown, key), `${indent}  `)]);
    return [open, ...parts.flatMap((part, at) => [`${at === 0 ? "" : ","}\n${indent}  `, ...part]), `\n${indent}${close}`];
  };
  const valueText = (name: string, value: unknown): readonly (string | null)[] => (typeof value === "string" ? [`"${value}"`] : pieces(value, within(args.unknown, name), ""));
  const fields = typeof args.value === "object" && args.value !== null ? Object.entries(args.value) : [];
  const identityText = (): string => {
    if (!identityKnown) return "identity known after apply: this plan cannot permit it";
    switch (identity.kind) {
      case "record":
        return `identity ${identity.scope}/${identity.record}/${identity.key}, generation ${identity.generation}, ${identity.action}${identity.revision === 0 ? "" : `, revision ${identity.revision}`}`;
      case "once":
        return `identity ${identity.scope}/once/${identity.key}${identity.window === null ? "" : `, window ${identity.window}`}`;
      case "start":
        return `identity ${identity.scope}/start/${identity.key}`;
      case "step":
        return `identity: this run only, ${identity.step}`;
    }
  };
  const waits = why.detail !== undefined ? `; ${why.detail}` : before === undefined ? "" : `; after: ${before}`;
  const notes = [undo === "none" ? ", cannot be undone" : "", server === "offstage" && tool?.startsWith("start.") === true ? "; a run of its own: what it writes is not in this plan" : ""];
  return {
    kind,
    sign: `${certainty === "sure" ? "" : "maybe "}${kind}${certainty === "may-many" ? ", any number of times" : ""}`,
    where: `${server}${tool === null ? "" : `.${tool}`} on ${target.replaceAll(/[A-Za-z_][A-Za-z0-9_]*=/g, "")}${notes.join("")}`,
    identity: identityText() + waits,
    rows: args.unknown.some(({ path }) => path.length === 0) ? [{ name: "arguments", value: [null] }] : fields.map(([name, value]) => ({ name, value: valueText(name, value) })),
  };
}
