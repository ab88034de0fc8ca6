import type { QueueNews } from "offstage/triggers/queue";
import { escapeControls } from "../terminal.ts";

/** One line of what happens to a queue. */
export function queueNewsLine(news: QueueNews): string {
  const { queue } = news;
  switch (news.kind) {
    case "queue-ready":
      return escapeControls(`queue    ${queue}: connected`);
    case "queue-lost":
      return escapeControls(`problem  ${queue}: ${news.why} It is tried again until it works.`);
    case "queue-full":
      return escapeControls(`queue    ${queue}: ${news.waiting} events wait to start a run; its messages stay where they are until half of them began`);
    case "queue-flowing":
      return escapeControls(`queue    ${queue}: its messages are taken again`);
    case "queue-aside":
      return escapeControls(`aside    ${queue}, ${news.id}: ${news.why}; it is in ${news.place}`);
    case "queue-stuck":
      return escapeControls(`problem  ${queue}, ${news.id}: ${news.why}; and it could not be put aside: ${news.error}`);
  }
}
