import { z } from "zod";
import { draftFile } from "../draft-file.ts";
import { permitted } from "../permitted.ts";
import { answer, studioTool } from "../studio-tool.ts";

/** A draft becomes the project's, after a person's yes. */
export const adopt = studioTool({
  name: "adopt",
  description: "Put a draft into the project, where it is run by its triggers. The person is asked first.",
  input: z.object({ file: z.string() }),
  readOnly: false,
  adds: true,
  async run(session, { file }, context) {
    const named = draftFile(file);
    const draft = named === null ? null : session.shelf.newest(named.file);
    if (named === null || draft === null) return answer(`Nothing is drafted as ${file}.`, false);
    const { desk } = session;
    return permitted(session, context, { shown: await desk.adoption(named, context.signal), yes: `Adopt ${named.file}`, act: () => desk.adopt(named, draft.revision, context.signal) });
  },
});
