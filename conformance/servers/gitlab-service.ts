import type { Said } from "./faulty-service.ts";

const PERSON = { id: 1, username: "ana", name: "Ana", state: "active", avatar_url: null, web_url: "http://gitlab.test/ana" };

/** What is secret in a project. */
export const GITLAB_SECRET = "GR1348941-not-a-real-runner";

const AT = "2026-01-02T03:04:05Z";
const COMMIT = { id: "abc", short_id: "abc", title: "t", message: "t", author_name: "Ana", author_email: "ana@example.com", authored_date: AT, committer_name: "Ana", committer_email: "ana@example.com", committed_date: AT, created_at: AT, web_url: "http://gitlab.test/c", parent_ids: [] };
/** One thing that is everything that GitLab has. */
const THING = {
  ...PERSON, iid: 1, project_id: 7, title: "t", description: "d", labels: [], assignees: [], milestone: null, author: PERSON, created_at: AT, updated_at: AT, closed_at: null,
  sha: "abc", ref: "main", status: "success", stage: "test", tag: false, access_level: 30, source_branch: "a", target_branch: "main", merged_at: null, merge_commit_sha: null, merge_request_id: 1,
  head_commit_sha: "abc", base_commit_sha: "abc", start_commit_sha: "abc", real_size: "1", patch_id_sha: "abc", commits: [], diffs: [], changes: [], individual_note: true, notes: [],
  commit: COMMIT, merged: false, protected: false, developers_can_push: false, developers_can_merge: false, can_push: true, default: false, link_type: "relates_to",
  exists: true, suggests: [], valid: true, errors: [], warnings: [], path: "g", kind: "group", full_path: "g", parent_id: null,
  bio: "", location: "", public_email: "", website_url: "", organization: "", job_title: "", pronouns: null, work_information: null, email: "ana@example.com", last_sign_in_at: AT, confirmed_at: AT, last_activity_on: "2026-01-02",
};
const FILE = { file_name: "f", file_path: "f", size: 1, encoding: "base64", content: "YQ==", content_sha256: "abc", ref: "main", blob_id: "abc", commit_id: "abc", last_commit_id: "abc" };
const PROJECT = { ...THING, path_with_namespace: "acme/api", default_branch: "main", runners_token: GITLAB_SECRET, import_url: `https://ana:${GITLAB_SECRET}@gitlab.test/acme/api.git` };

const VARIABLE = { key: "K", value: GITLAB_SECRET, variable_type: "env_var", protected: false, masked: true, raw: false, environment_scope: "*", description: null };
const SCHEDULE = { ...THING, cron: "0 1 * * *", cron_timezone: "UTC", next_run_at: null, active: true, owner: PERSON, variables: [VARIABLE] };

/** What holds secrets of its own at this address; otherwise a project. */
function secretive(path: string): object {
  return /\/variables(?:\/|$)/.test(path) ? VARIABLE : /\/triggers(?:\/|$)/.test(path) ? { ...THING, token: GITLAB_SECRET } : /\/pipeline_schedules(?:\/|$)/.test(path) ? SCHEDULE : PROJECT;
}

/** Things that are there, and none under `gone`; lists are empty but those of projects. */
export function gitlabReads(path: string, { page, per_page: size }: Said): unknown {
  // Two pages of one each, for who asks for as many as there may be.
  if (path.includes("/paged/")) return size === "100" && (page === "1" || page === "2") ? [path.endsWith("/discussions") ? { id: `d${page}`, individual_note: true, notes: [] } : { ...THING, id: Number(page) }] : [];
  if (/\/(?:gone|nowhere)(?:\/|$)|\/s\d+\/repository\/files\//.test(path)) return undefined;
  if (/\/(?:variables|triggers|pipeline_schedules)(?:\/|$)/.test(path)) return /\/(?:\d|K)$/.test(path) ? secretive(path) : [secretive(path)];
  if (path.endsWith("/projects")) return [PROJECT];
  if (/\/projects\/[^/]+$/.test(path)) return PROJECT;
  if (/\/commits\/[^/]+$/.test(path)) return COMMIT;
  if (path.includes("/repository/files/") && !path.endsWith("/blame")) return FILE;
  if (path.includes("/links/")) return { ...THING, source_issue: THING, target_issue: THING };
  return /[a-z]s$|\/(?:all|tree|diff|blame)$/.test(path) && !/\/exists$|\/changes$/.test(path) ? [] : THING;
}

/** What GitLab says of what it did not do; of what it did, what is there now. */
export function gitlabMessage(status: number, path: string): object {
  if (status === 200) return secretive(path);
  return { message: status === 404 && path.includes("/nowhere") ? "404 Project Not Found" : `${status} As GitLab says` };
}

/** These look at a text, or ask. */
export function gitlabAsks(path: string): boolean {
  return path.endsWith("/ci/lint");
}

/** The default ones, and those for pipelines and variables. */
export const GITLAB_TOOLSETS = "merge_requests,issues,repositories,branches,projects,labels,ci,groups,users,pipelines,variables";
