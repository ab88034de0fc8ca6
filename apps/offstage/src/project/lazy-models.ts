import type { Clock } from "offstage/base";
import type { Models } from "offstage/models";
import type { Project } from "./load-project.ts";

/** The project's models, until `closed`. The SDK is large: it is loaded by the first question, and so never by what asks none. */
export function lazyModels(project: Pick<Project, "models" | "redactor">, clock: Clock, closed: AbortSignal): Models {
  let loading: Promise<Models> | undefined;
  const load = (): Promise<Models> => {
    const resolved = project.models();
    return (loading ??= import("offstage/models").then(({ createModels }) => createModels({ ...resolved, redactor: project.redactor, clock, closed })));
  };
  return {
    ask: async (question) => (await load()).ask(question),
    reply: async (conversation, signal) => (await load()).reply(conversation, signal),
  };
}
