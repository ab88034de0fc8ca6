import { z } from "zod";
import { cliVersion } from "../version.ts";
import { approvalRoutes } from "./approval-routes.ts";
import { bindingRoutes } from "./binding-routes.ts";
import { effectRoutes } from "./effect-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { openApiDocument } from "./openapi.ts";
import { pauseRoutes } from "./pause-routes.ts";
import { type Route, route } from "./route.ts";
import { createRouter } from "./router.ts";
import { runRoutes } from "./run-routes.ts";
import type { ApiStage } from "./stage.ts";
import { workflowRoutes } from "./workflow-routes.ts";

export { API_PATH } from "./router.ts";

/** Every route of the API. */
export function apiRoutes(stage: ApiStage): readonly Route[] {
  const routes: Route[] = [...workflowRoutes(stage), ...runRoutes(stage), ...effectRoutes(stage), ...approvalRoutes(stage), ...bindingRoutes(stage), ...pauseRoutes(stage), ...eventRoutes(stage)];
  const own: Route = route({
    method: "GET", path: "/openapi.json", role: "viewer", summary: "This document.",
    answer: { status: 200, shape: z.record(z.string(), z.unknown()) },
    handle: async () => ({ status: 200, body: openApiDocument([...routes, own], cliVersion()) }),
  });
  return [...routes, own];
}

/** Answers requests of the API; ends its streams when it is closed. `failed` hears of mistakes of ours. */
export function createApi(stage: ApiStage, failed: (error: unknown) => void): { answer(request: Request): Promise<Response>; close(): void } {
  stage.live.follow(stage.store);
  return { answer: createRouter({ routes: apiRoutes(stage), tokens: stage.tokens, redactor: stage.environment.redactor, failed }), close: () => stage.live.log.close() };
}
