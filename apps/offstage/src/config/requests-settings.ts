import { z } from "zod";
import { isRounded } from "./is-rounded.ts";

/** What a server may ask of us, as `offstage.yaml` has it under its name; references in answers are not resolved. */
export interface RequestSettings {
  readonly elicitation: "none" | "decline" | "ask" | { readonly answer: Readonly<Record<string, FormAnswer>> };
  /** Null where the model is not asked for it. */
  readonly sampling: { readonly maxTokens: number; readonly perHour: number } | null;
  /** Folders, relative to the project's. */
  readonly roots: readonly string[];
}

/** The answer to one field of a form. */
export type FormAnswer = string | number | boolean | readonly string[];

const SAMPLING = { maxTokens: 1_000, perHour: 60 };

const name = z.string().min(1);

const formAnswer = z.union([z.string(), z.number().refine((value) => !isRounded(value), { message: "A number with so many digits is rounded when it is read: no form can be given it." }), z.boolean(), z.array(z.string())]);

/** Which field of a form has an answer that is none; null where something else is wrong. */
function whichAnswer(input: unknown): string | null {
  const fields = z.object({ answer: z.record(z.string(), z.unknown()) }).safeParse(input);
  if (!fields.success) return null;
  const [field] = Object.entries(fields.data.answer).find(([, value]) => !formAnswer.safeParse(value).success) ?? [];
  return field === undefined ? null : `${JSON.stringify(field)} has no answer that a form takes; write a text, a number, true, false, or a list of texts.`;
}

/** The keys of `servers.<name>` that are about requests of the server. */
export const requestFields = {
  elicitation: z.union(
    [
      z.enum(["none", "decline", "ask"]),
      z.strictObject({ answer: z.record(name, formAnswer) }),
    ],
    { error: ({ input }) => whichAnswer(input) ?? "write decline, none, ask, or { answer: { field: value } }." },
  ),
  sampling: z.union([z.enum(["refuse", "allow"]), z.strictObject({ maxTokens: z.int().min(1).max(100_000), perHour: z.int().min(1).max(100_000) }).partial()], {
    error: "write refuse, allow, or { maxTokens: 1000, perHour: 60 }.",
  }),
  roots: z.array(name),
};

/** With what is said of none. */
export function requestSettings(fields: { readonly [Key in keyof typeof requestFields]?: z.infer<(typeof requestFields)[Key]> | undefined } = {}): RequestSettings {
  const { elicitation = "decline", sampling = "refuse", roots = [] } = fields;
  return {
    elicitation,
    sampling: sampling === "refuse" ? null : sampling === "allow" ? SAMPLING : { maxTokens: sampling.maxTokens ?? SAMPLING.maxTokens, perHour: sampling.perHour ?? SAMPLING.perHour },
    roots,
  };
}
