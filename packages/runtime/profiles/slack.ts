import { capture, profile, type RawResult as Reply } from "offstage";

/**
 * What `@modelcontextprotocol/server-slack` does not say about itself; written by reading and running 2025.4.25, and from Slack's own list of errors. Without a
 * type argument: a project may call the server what it likes.
 *
 * Nothing it answers is an error: what Slack says (`{"ok":false,"error":"channel_not_found"}`) and what broke on the way (`{"error":"fetch failed"}`) come as successes.
 *
 * What to know besides: a channel's history is its newest messages alone, without those in threads; `slack_list_channels` knows public channels, or those of
 * `SLACK_CHANNEL_IDS`; no tool takes a message back. Slack does not say how soon a read sees a message, so not finding one proves nothing.
 */

const ok = (r: Reply) => r.data?.ok === true;

// The server itself missed an argument, before any request.
const incomplete = (r: Reply) => /^\{"error":"(?:No arguments provided|Missing required arguments?: [a-z_, ]+)"\}$/.test(r.text);

// Slack looked at the token, the arguments or the place, and did not go on. Of `internal_error`, `fatal_error`, `service_unavailable`, `request_timeout` and what it
// may say one day, nothing is known: "some aspect of the operation" may have succeeded.
const denials = [
  "access_denied", "account_inactive", "accesslimited", "as_user_not_supported", "channel_is_limited_access", "channel_not_found", "deprecated_endpoint", "ekm_access_denied", "enterprise_is_restricted",
  "invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_auth", "invalid_charset", "invalid_form_data", "invalid_json", "invalid_post_type", "json_not_object", "is_archived",
  "message_limit_exceeded", "messages_tab_disabled", "method_deprecated", "missing_post_type", "missing_scope", "msg_too_long", "no_permission", "no_text", "not_allowed_token_type", "not_authed", "not_in_channel",
  "org_login_required", "rate_limited", "ratelimited", "restricted_action", "restricted_action_non_threadable_channel", "restricted_action_read_only_channel", "restricted_action_thread_locked",
  "restricted_action_thread_only_channel", "cannot_reply_to_message", "team_access_not_granted", "team_not_found", "token_expired", "token_revoked", "two_factor_setup_required",
  // Of a reaction.
  "bad_timestamp", "invalid_name", "message_not_found", "no_item_specified", "no_reaction", "not_reactable", "thread_locked", "too_many_emoji", "too_many_reactions",
];
const denied = (r: Reply) => r.data?.ok === false && denials.includes(r.data.error);

const posted = (r: Reply) => ({ channel: capture(String(r.data.channel), /^([A-Z0-9]+)$/), ts: capture(String(r.data.ts), /^([0-9]+\.[0-9]+)$/) });

const missing = (r: Reply) => r.data?.ok === false && ["channel_not_found", "thread_not_found", "user_not_found", "users_not_found"].includes(r.data.error);

// Below Slack's limits for one app: 20 a minute for lists, 50 for what is in a channel, a message a second.
const lists = { perSecond: 0.3 };
const contents = { perSecond: 0.8 };
const next = (page: { response_metadata?: { next_cursor?: string } }) => (page.response_metadata?.next_cursor ? String(page.response_metadata.next_cursor) : null);

export default profile("@modelcontextprotocol/server-slack@2025", {
  slack_list_channels: [{ effect: "read", rate: lists, failed: (r) => !ok(r), pages: { by: "cursor", param: "cursor", size: ["limit", 200], items: (r) => r.channels, next: (r) => next(r) } }],
  slack_get_users: [
    {
      effect: "read", rate: lists, failed: (r) => !ok(r), sensitive: ["members[].profile.phone", "members[].profile.skype"],
      pages: { by: "cursor", param: "cursor", size: ["limit", 200], items: (r) => r.members, next: (r) => next(r) },
    },
  ],
  slack_get_user_profile: [{ effect: "read", rate: contents, failed: (r) => !ok(r), gone: (r) => missing(r), result: (r) => r.data.profile, sensitive: ["profile.phone", "profile.skype"] }],
  // One page each: the tools take no cursor. A link that is open to everybody who has it is left out.
  slack_get_channel_history: [
    {
      effect: "read", rate: contents, failed: (r) => !ok(r), gone: (r) => missing(r), sensitive: ["messages[].files[].permalink_public"],
      pages: { by: "none", size: ["limit", 999], items: (r) => r.messages, more: (r) => r.has_more === true },
    },
  ],
  slack_get_thread_replies: [
    {
      effect: "read", rate: contents, failed: (r) => !ok(r), gone: (r) => missing(r), sensitive: ["messages[].files[].permalink_public"],
      pages: { by: "none", items: (r) => r.messages, more: (r) => r.has_more === true },
    },
  ],

  slack_post_message: [
    {
      effect: "write", undo: "none", rate: { perSecond: 1 }, failed: (r) => !ok(r), refused: (r) => denied(r) || incomplete(r),
      result: (r) => posted(r), affects: ["slack_get_channel_history"],
    },
  ],
  slack_reply_to_thread: [
    {
      effect: "write", undo: "none", rate: { perSecond: 1 }, failed: (r) => !ok(r), refused: (r) => denied(r) || incomplete(r),
      result: (r) => posted(r), affects: ["slack_get_channel_history", "slack_get_thread_replies"],
    },
  ],
  // A second one finds that it is there, which is what was wanted.
  slack_add_reaction: [
    {
      effect: "write", idempotent: true, undo: "none", rate: contents, failed: (r) => !ok(r) && r.data?.error !== "already_reacted", refused: (r) => denied(r) || incomplete(r),
      result: (r) => ({ already: !ok(r) }), affects: ["slack_get_channel_history", "slack_get_thread_replies"],
    },
  ],

  "*": { names: { SlackListChannelsItem: "Channel", SlackGetUsersItem: "User", SlackGetChannelHistoryItem: "Message", SlackGetThreadRepliesItem: "Message", SlackPostMessageResult: "PostedMessage", SlackReplyToThreadResult: "PostedMessage" } },
}, { hosts: ["slack.com"] });
