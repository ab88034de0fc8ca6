import type { Clock } from "offstage/base";
import type { Models } from "offstage/models";
import type { Project } from "./load-project.ts";

/** The project's models, until `closed`. The SDK is large: it is loaded by the first question, and so never by what asks none. */
export function lazyModels(project: Pick<Project, "models" | "redactor">, clock: Clock, closed: AbortSignal): Models {
  let loading: Promise<Models> | undefined;
  return {
    async ask(question) {
      const resolved = project.models();
      loading ??= import("offstage/models").then(({ createModels }) => createModels({ ...resolved, redactor: project.redactor, clock, closed }));
      return (await loading).ask(question);
    },
  };
}
