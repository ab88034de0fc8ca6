import { type JsonObject, OffstageError } from "offstage/base";
import { z } from "zod";

/** `inputs` as VS Code writes them: what it asks a person for, once. Here nobody is asked. */
export const inputsSchema = z.array(
  z.object({
    id: z.string().min(1),
    type: z.string().optional(),
    description: z.string().optional(),
    password: z.boolean().optional(),
    default: z.string().optional().catch(undefined),
    options: z.array(z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])).optional(),
  }),
);

/** One of them. */
export type DeclaredInput = z.infer<typeof inputsSchema>[number];

/** Of one, as it stands, what is read of it. What VS Code would propose is not: nobody is asked. */
export function readInputMembers({ id, type, password, options }: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ id, type, password, options }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What `${input:x}` can stand for. */
export interface Inputs {
  /** Those of `mcp.json`, by id. */
  readonly declared: ReadonlyMap<string, DeclaredInput>;
  /** What `inputs:` of `offstage.yaml` says, by id; references are not resolved. */
  readonly values: Readonly<Record<string, string>>;
}

/** What an input was given. */
export interface InputValue {
  readonly text: string;
  /** VS Code would not show it while it is typed. */
  readonly hidden: boolean;
  /** Throws `CONFIG_INVALID` when the resolved value is none of the choices. */
  readonly check: (value: string) => void;
}

/** An input's value as `offstage.yaml` has it. Errors: `SECRET_MISSING`, which says what to write there. */
export function inputText(id: string, { declared, values }: Inputs, place: string): InputValue {
  const input = declared.get(id);
  const text = Object.hasOwn(values, id) ? values[id] : undefined;
  if (text === undefined) {
    const asks = input?.type === "command" ? "VS Code runs a command of an extension for it" : "VS Code asks a person for it";
    throw new OffstageError("SECRET_MISSING", `${place}: the input ${id} has no value: ${asks}, and Offstage asks nobody.`, { hint: `Say in offstage.yaml where it comes from: inputs: { ${JSON.stringify(id)}: "\${env:${variableNameOf(id)}}" }` });
  }
  const options = input?.type === "pickString" ? (input.options ?? []) : [];
  return {
    text,
    hidden: input?.password === true,
    check(value) {
      if (options.length === 0 || options.includes(value)) return;
      throw new OffstageError("CONFIG_INVALID", `${place}: the input ${id} is none of its choices.`, { hint: `It has to be one of: ${options.join(", ")}.` });
    },
  };
}

/** How a variable of that purpose is called: `github-token` → `GITHUB_TOKEN`. */
export function variableNameOf(purpose: string): string {
  const name = purpose.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "").toUpperCase();
  return /^[A-Z]/.test(name) ? name : `X_${name}`;
}
