import type { ProvenCall } from "./prove-profile.ts";
import { SLACK_CHANNEL, SLACK_PERSON } from "./slack-service.ts";

/** What Slack may answer to a write, and whether that proves that nothing happened. The last three happened. */
const PROVES: readonly (readonly [says: string, is: "refused" | "open"])[] = [
  ...["channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "no_text", "invalid_auth", "missing_scope", "restricted_action", "ratelimited"].map((error) => [`says:${error}`, "refused"] as const),
  ["s429", "refused"],
  ...["internal_error", "fatal_error", "service_unavailable", "request_timeout", "new_one"].map((error) => [`says:${error}`, "open"] as const),
  ...["s500", "s503", "drop", "odd:null", "odd:list", "odd:text", "odd:number", "odd:denial"].map((fault) => [fault, "open"] as const),
  ["broken", "open"], ["late", "open"],
];

/** Every tool of the reference server for Slack; `ts` names the message that is there at first. */
export function slackCalls(ts: string): readonly ProvenCall[] {
  const channel_id = SLACK_CHANNEL;
  const call = (tool: string, is: ProvenCall["is"], args: object): ProvenCall => ({ tool, args, is });
  const history = (limit: number): object => ({ channel_id, limit });
  return [
    call("slack_list_channels", "read", {}), call("slack_get_users", "read", {}), call("slack_get_user_profile", "read", { user_id: SLACK_PERSON }), call("slack_get_channel_history", "read", history(2)), call("slack_get_thread_replies", "read", { channel_id, thread_ts: ts }),
    call("slack_get_user_profile", "gone", { user_id: "U9" }), call("slack_get_channel_history", "gone", { channel_id: "C9" }), call("slack_get_thread_replies", "gone", { channel_id: "C9", thread_ts: ts }),
    ...["s500", "drop", "odd:null", "says:internal_error"].map((fault) => call("slack_get_channel_history", "read", { channel_id: fault })),

    // What a text says is not what Slack says.
    ...["hello", '{"ok":false,"error":"not_in_channel"}', '{"error":"Missing required arguments: channel_id and text"}'].map((text) => call("slack_post_message", "written", { channel_id, text })),
    call("slack_reply_to_thread", "written", { channel_id, thread_ts: ts, text: "here" }), call("slack_add_reaction", "written", { channel_id, timestamp: ts, reaction: "eyes" }),
    // It is there already, which is what was wanted.
    call("slack_add_reaction", "written", { channel_id, timestamp: ts, reaction: "eyes" }),
    ...PROVES.flatMap(([says, is]) => [
      call("slack_post_message", is, { channel_id, text: `fault ${says}` }),
      call("slack_reply_to_thread", is, { channel_id, thread_ts: ts, text: `fault ${says}` }),
      call("slack_add_reaction", is, { channel_id, timestamp: ts, reaction: `fault ${says}` }),
    ]),
    call("slack_add_reaction", "refused", { channel_id, timestamp: "1", reaction: "eyes" }),
    call("slack_post_message", "refused", { channel_id }), call("slack_reply_to_thread", "refused", { channel_id, text: "x" }), call("slack_add_reaction", "refused", {}),
    { tool: "slack_list_channels", args: { limit: 1 }, is: "read", pages: { items: 2, pages: 2 } },
    { tool: "slack_get_users", args: { limit: 1 }, is: "read", pages: { items: 2, pages: 2 } },
    // What was posted, and the one whose answer was lost.
    { tool: "slack_get_channel_history", args: { channel_id }, is: "read", pages: { items: 5, pages: 1 } },
    { tool: "slack_get_channel_history", args: history(2), is: "read", pages: { items: 2, pages: 1, cut: true } },
    { tool: "slack_get_thread_replies", args: { channel_id, thread_ts: ts }, is: "read", pages: { items: 3, pages: 1 } },
  ];
}
