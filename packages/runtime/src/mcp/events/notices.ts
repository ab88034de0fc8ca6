import type { Client } from "@modelcontextprotocol/client";
import type { Notice } from "./server-event.ts";

/** What a server tells without being asked, for all who want to know. */
export interface Notices {
  /** `hear` is called for each notice until the function that is returned is. */
  on(hear: (notice: Notice) => void): () => void;
}

/** Hears a client's server. Nothing is kept: a notice that nobody wants is gone. */
export function hearNotices(client: Client): Notices {
  const hearers = new Set<(notice: Notice) => void>();
  const tell = (notice: Notice): void => {
    for (const hear of hearers) hear(notice);
  };
  client.setNotificationHandler("notifications/tools/list_changed", () => tell({ kind: "list-changed", list: "tools" }));
  client.setNotificationHandler("notifications/resources/list_changed", () => tell({ kind: "list-changed", list: "resources" }));
  client.setNotificationHandler("notifications/prompts/list_changed", () => tell({ kind: "list-changed", list: "prompts" }));
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => tell({ kind: "resource-updated", uri: params.uri }));
  return {
    on(hear) {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
}
