import { z } from "zod";
import { draftFile } from "../draft-file.ts";
import type { Session } from "../session.ts";
import { answer, studioTool } from "../studio-tool.ts";

/** Texts of the session: drafts first, then the project's files, then what teaches the language. */
export const read = studioTool({
  name: "read",
  description: "Read `language` (short; before you write), `language/full`, `example/<name>`, a workflow or a profile (`workflows/x.ts`, `profiles/y.ts`). Without a name: lists what there is.",
  input: z.object({ name: z.string().optional() }),
  readOnly: true,
  run: (session, { name }) => Promise.resolve(name === undefined ? answer(listing(session)) : text(session, name)),
});

function text({ shelf, documents }: Session, name: string): ReturnType<typeof answer> {
  const file = draftFile(name);
  const draft = file === null ? null : shelf.newest(file.file);
  if (draft !== null) return answer(`${draft.file}, draft, revision ${draft.revision}:\n\n${draft.text}`);
  const found = documents.read(name) ?? (file === null ? null : documents.read(file.file));
  return found === null ? answer(`There is no ${name}. Read without a name lists what there is.`, false) : answer(found);
}

function listing({ shelf, documents }: Session): string {
  const drafts = shelf.files().map((file) => `${file}  draft, revision ${shelf.newest(file)?.revision ?? 0}`);
  return [...drafts, ...documents.list().map(({ name, about }) => `${name}  ${about}`)].join("\n");
}
