import { ApiError } from "./problem.ts";
import { type Route, route } from "./route.ts";
import type { ApiStage } from "./stage.ts";

/** What happens, as it happens. */
export function eventRoutes({ live }: ApiStage): readonly Route[] {
  return [
    route({
      method: "GET", path: "/events", role: "viewer", summary: "What happens in this process from now on, as server-sent events: the data of each is a LiveEvent, its name the event's kind. The last thousand are remembered for whoever comes back.",
      headers: { "last-event-id": "The id of the last event that was read: what came after it comes first, or `missed` when that is not remembered." },
      answer: { status: 200, shape: null }, problems: [503],
      async handle({ request }) {
        const stream = live.log.read(request.headers.get("last-event-id"));
        if (stream === null) throw new ApiError(503, "API_BUSY", "Too many read already, or the process stops.", { headers: { "retry-after": "5" } });
        return new Response(stream, { status: 200, headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" } });
      },
    }),
  ];
}
