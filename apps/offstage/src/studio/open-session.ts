import { randomBytes } from "node:crypto";
import type { RunHost } from "offstage/host";
import type { Session } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { createDocuments } from "./documents.ts";
import { createDraftShelf } from "./draft-shelf.ts";
import { createProjectDesk, type ProjectDesk } from "./project-desk.ts";

/** A session over the project that `io` names by its folder; `host` drives what is applied, where somebody serves the project in this process. */
export function openSession(io: CommandIo & { readonly projectFolder: string }, host?: RunHost): { readonly session: Session; readonly desk: ProjectDesk } {
  const desk = createProjectDesk(io, host);
  const session: Session = { desk, shelf: createDraftShelf(io.projectFolder), documents: createDocuments(io.projectFolder), nonce: () => randomBytes(4).toString("hex") };
  return { session, desk };
}
