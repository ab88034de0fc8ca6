import { randomBytes } from "node:crypto";
import type { Session } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { createDocuments } from "./documents.ts";
import { createDraftShelf } from "./draft-shelf.ts";
import { createProjectDesk, type ProjectDesk } from "./project-desk.ts";

/** A session over the project that `io` names by its folder. */
export function openSession(io: CommandIo & { readonly projectFolder: string }, desk: ProjectDesk = createProjectDesk(io)): { readonly session: Session; readonly desk: ProjectDesk } {
  const session: Session = { desk, shelf: createDraftShelf(io.projectFolder), documents: createDocuments(io.projectFolder), nonce: () => randomBytes(4).toString("hex") };
  return { session, desk };
}
