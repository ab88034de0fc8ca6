import { z } from "zod";
import { draftFile } from "../draft-file.ts";
import type { Draft, DraftShelf } from "../drafts.ts";
import type { Session } from "../session.ts";
import { answer, studioTool } from "../studio-tool.ts";

/** Texts of the session: drafts first, then the project's files, then what teaches the language. */
export const read = studioTool({
  name: "read",
  description: "Read `language` (short; before you write), `language/full`, `example/<name>`, a workflow or a profile (`workflows/x.ts`, `profiles/y.ts`). Without a name: lists what there is.",
  input: z.object({ name: z.string().optional() }),
  readOnly: true,
  async run(session, { name }) {
    if (name === undefined) return answer(listing(session));
    const text = readText(session, name);
    // Whole: who changes a text has to have seen all of it.
    return text === null ? answer(`There is no ${name}. Read without a name lists what there is.`, false) : { kind: "answer", text, ok: true };
  },
});

/** The text of that name, a draft with its revision above it, and below it the project's file where that was changed since; null when there is none. */
export function readText({ shelf, documents }: Session, name: string): string | null {
  const file = draftFile(name);
  const draft = file === null ? null : shelf.newest(file.file);
  if (draft !== null) return `${draft.file}, draft, revision ${draft.revision}:\n\n${draft.text}${changedMeanwhile(shelf, draft)}`;
  return documents.read(name);
}

function changedMeanwhile(shelf: DraftShelf, { file, text }: Draft): string {
  const now = shelf.adopted(file);
  if (now === shelf.base(file) || now === text) return "";
  return `\n\n${now === null ? `${file} was taken out of the project since it was drafted.` : `${file} was changed in the project since it was drafted; there it is now:\n\n${now}`}`;
}

function listing({ shelf, documents }: Session): string {
  const drafts = shelf.files().map((file) => `${file}  draft, revision ${shelf.newest(file)?.revision ?? 0}`);
  return [...drafts, ...documents.list().map(({ name, about }) => `${name}  ${about}`)].join("\n");
}
