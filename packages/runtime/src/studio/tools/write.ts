import { z } from "zod";
import { draftFile, type DraftFile } from "../draft-file.ts";
import { discardDraft, type Draft, editDraft, replaceDraft, writeDraft } from "../drafts.ts";
import type { Session } from "../session.ts";
import { type Answer, answer, studioTool, toldAnswer } from "../studio-tool.ts";

/** Writes a draft, whole or a piece of it, and checks it at once. */
export const write = studioTool({
  name: "write",
  description: "Draft a workflow or a profile, and check it at once: whole (`text`; with `revision` where a draft is there), or one piece (`old`, exactly as it stands once, by `new`), or `fix`: every fix that the faults name. `discard` takes a draft back. Nothing runs it before it is adopted.",
  input: z.object({
    file: z.string().describe("workflows/<name>.ts or profiles/<server>.ts"),
    text: z.string().optional(),
    revision: z.number().int().optional().describe("of the draft that `text` replaces or `discard` takes back"),
    old: z.string().optional(),
    new: z.string().optional(),
    fix: z.literal(true).optional(),
    discard: z.literal(true).optional(),
  }),
  readOnly: false,
  adds: true,
  async run(session, args, { signal }) {
    const file = draftFile(args.file);
    if (file === null) return answer(`${args.file} cannot be written here. Only workflows/<name>.ts (lower-case letters, digits, -) and profiles/<server>.ts can.`, false);
    const { text, old, new: next, fix, discard, revision } = args;
    if ([text, old ?? next, fix, discard].filter((way) => way !== undefined).length !== 1) return answer("Give either text, or old and new, or fix, or discard.", false);
    if (discard === true) return discarded(session, file, revision);
    const draft = fix === true ? await mended(session, file, signal) : drafted(session, file, args);
    return "revision" in draft ? checked(session, file, draft, signal) : draft;
  },
});

function drafted({ shelf }: Session, file: DraftFile, { text, revision, old, new: next }: { readonly text?: string | undefined; readonly revision?: number | undefined; readonly old?: string | undefined; readonly new?: string | undefined }): Draft | Answer {
  if (text !== undefined) return writeDraft(shelf, file, text, revision);
  return old !== undefined && next !== undefined ? editDraft(shelf, file, old, next) : answer("Give both old and new.", false);
}

function discarded({ shelf }: Session, file: DraftFile, revision: number | undefined): Answer {
  discardDraft(shelf, file, revision);
  return answer(`The draft of ${file.file} is taken back${shelf.adopted(file.file) === null ? "" : ": what the project has holds again"}.`);
}

async function mended(session: Session, file: DraftFile, signal: AbortSignal): Promise<Draft | Answer> {
  const { shelf, desk } = session;
  const draft = shelf.newest(file.file);
  if (draft === null) return answer(`Nothing is drafted as ${file.file}.`, false);
  const mend = await desk.mend(file, draft.text, signal);
  if (!mend.ok) return toldAnswer(session, mend);
  return mend.source === draft.text ? answer("None of its faults can be mended by rule.", false) : replaceDraft(shelf, draft, mend.source);
}

async function checked(session: Session, { kind, name }: DraftFile, { file, revision, text }: Draft, signal: AbortSignal): Promise<Answer> {
  const { desk } = session;
  const told = kind === "workflow" ? await desk.check(name, signal) : await desk.checkProfile(name, text, signal);
  // What it says of calls is a person's to permit.
  const reply = toldAnswer(session, told, kind === "profile" && told.ok ? `It holds when it is adopted: adopt ${file}` : "");
  return { ...reply, text: `${file}, revision ${revision}\n${reply.text}` };
}
