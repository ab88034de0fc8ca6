/** What a person would ask for, and the tools that are right for it (any of them). */
export interface ToolRequest {
  readonly words: string;
  readonly right: readonly string[];
}

/**
 * Written from what the servers are for and what their tools are called, before their descriptions were read and before the
 * search was tuned, and not changed since. Every third was kept out of the tuning (see {@link HELD_OUT}).
 */
const REQUESTS: readonly ToolRequest[] = [
  { words: "tell the ops channel that the deploy went out", right: ["slack.slack_post_message"] },
  { words: "make a jira ticket for this crash", right: ["jira.jira_issues"] },
  { words: "which pull requests are open on our repo", right: ["github.list_pull_requests"] },
  { words: "answer under the message instead of starting a new one in slack", right: ["slack.slack_reply_to_thread"] },
  { words: "put a thumbs up on that slack message", right: ["slack.slack_add_reaction"] },
  { words: "squash the PR into main", right: ["github.merge_pull_request"] },
  { words: "what did the reviewers say about my PR on github", right: ["github.get_pull_request_comments", "github.get_pull_request_reviews"] },
  { words: "why did the build break last night", right: ["circleci.get_build_failure_logs"] },
  { words: "which tests sometimes pass and sometimes fail", right: ["circleci.find_flaky_tests"] },
  { words: "start CI again for the develop branch", right: ["circleci.run_pipeline", "circleci.rerun_workflow"] },
  { words: "undo the last deployment", right: ["circleci.run_rollback_pipeline"] },
  { words: "how much memory are the containers using", right: ["kubernetes.pods_top"] },
  { words: "show me what the crashing container printed", right: ["kubernetes.pods_log"] },
  { words: "run five replicas of the api", right: ["kubernetes.resources_scale"] },
  { words: "open a shell in a running container", right: ["kubernetes.pods_exec"] },
  { words: "apply this yaml to the cluster", right: ["kubernetes.resources_create_or_update"] },
  { words: "am I free on Thursday afternoon", right: ["google-calendar.get-freebusy"] },
  { words: "book a meeting with Anna tomorrow at 10", right: ["google-calendar.create-event"] },
  { words: "decline the invitation for Friday", right: ["google-calendar.respond-to-event"] },
  { words: "move my dentist appointment to next week", right: ["google-calendar.update-event"] },
  { words: "how many customers do we have in mongo", right: ["mongodb.count"] },
  { words: "get all orders over 100 euros from the collection", right: ["mongodb.find"] },
  { words: "why is this query so slow", right: ["mongodb.explain"] },
  { words: "which columns does this table have", right: ["airtable.describe_table"] },
  { words: "add a row to my base", right: ["airtable.create_record"] },
  { words: "remove those rows from airtable", right: ["airtable.delete_records"] },
  { words: "save this text to disk", right: ["filesystem.write_file"] },
  { words: "what is in this folder", right: ["filesystem.list_directory", "filesystem.directory_tree", "filesystem.list_directory_with_sizes"] },
  { words: "rename a file on my computer", right: ["filesystem.move_file"] },
  { words: "how big is this file and when was it last changed", right: ["filesystem.get_file_info"] },
  { words: "take a picture of the web page", right: ["playwright.browser_take_screenshot"] },
  { words: "visit example.com", right: ["playwright.browser_navigate"] },
  { words: "enter my name and password into the login page", right: ["playwright.browser_fill_form", "playwright.browser_type"] },
  { words: "javascript errors on the page", right: ["playwright.browser_console_messages"] },
  { words: "look something up on the internet", right: ["brave-search.brave_web_search"] },
  { words: "restaurants near the office", right: ["brave-search.brave_local_search", "brave-search.brave_place_search"] },
  { words: "add a new contact to the crm", right: ["hubspot.hubspot-batch-create-objects"] },
  { words: "log a phone call with a customer", right: ["hubspot.hubspot-create-engagement"] },
  { words: "who wrote this line of code", right: ["gitlab.get_file_blame"] },
  { words: "remember that Tom works at Siemens", right: ["memory.create_entities", "memory.create_relations", "memory.add_observations"] },
  { words: "what is on my to-do list in gitlab", right: ["gitlab.list_todos"] },
  { words: "sign off the merge request", right: ["gitlab.approve_merge_request"] },
  { words: "who may push to main", right: ["gitlab.get_protected_branch", "gitlab.list_protected_branches"] },
  { words: "is our ci file valid", right: ["gitlab.validate_ci_lint", "gitlab.validate_project_ci_lint", "circleci.config_helper"] },
  { words: "append a paragraph to the notion page", right: ["notion.API-patch-block-children", "notion.API-update-page-markdown"] },
  { words: "find the notion page about onboarding", right: ["notion.API-post-search"] },
  { words: "all entries of the notion database that are not done", right: ["notion.API-query-data-source"] },
  { words: "which exceptions happen most often in production", right: ["sentry.search_issues", "sentry.search_events"] },
  { words: "mark the crash as fixed in sentry", right: ["sentry.update_issue"] },
  { words: "what is assigned to me in linear", right: ["linear.linear_get_user_issues"] },
  { words: "raise a bug in linear", right: ["linear.linear_create_issue"] },
  { words: "change the priority of a linear ticket", right: ["linear.linear_update_issue"] },
  { words: "write under the github issue that it is a duplicate", right: ["github.add_issue_comment"] },
  { words: "copy somebody's repository into my account", right: ["github.fork_repository", "gitlab.fork_repository", "gitlab-reference.fork_repository"] },
  { words: "new branch for the fix on github", right: ["github.create_branch"] },
  { words: "who is in the slack workspace", right: ["slack.slack_get_users"] },
  { words: "read the last messages of the general channel", right: ["slack.slack_get_channel_history"] },
  { words: "move the ticket to done in jira", right: ["jira.jira_workflow"] },
  { words: "attach the log to the ticket in jira", right: ["jira.jira_attachments"] },
  { words: "take a file from github and show me its content", right: ["github.get_file_contents"] },
];

/** The forty that the search may be tuned for. */
export const TUNED: readonly ToolRequest[] = REQUESTS.filter((_, index) => index % 3 !== 2);

/** The twenty that it may not: they tell whether the tuning fits more than itself. */
export const HELD_OUT: readonly ToolRequest[] = REQUESTS.filter((_, index) => index % 3 === 2);
