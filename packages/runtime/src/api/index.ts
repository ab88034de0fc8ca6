/**
 * The vocabulary of workflows and profiles: what `import { … } from "offstage"` offers. Declarations only: a workflow is
 * read and interpreted, never executed as it stands, so nothing here can run.
 */
export { ask, type AskOptions } from "./ask.ts";
export { type Given, input, type Input } from "./input.ts";
export type { Json, Unlearnt } from "./json.ts";
export { chunk, groupBy, range } from "./lists.ts";
export { each, type EachOptions, parallel } from "./loops.ts";
export { once, type Once, type OnceOptions } from "./once.ts";
export { type PagingRule, profile, type Profile, type ProfileOptions, type ProfileRules, type RawResult, type Rule } from "./profile.ts";
export { type Binding, record, type RecordContext, type RecordHandle, type RecordOptions } from "./record.ts";
export type { FromSchema, JsonSchema } from "./schema.ts";
export type { PagesOptions, Prompt, ServerBase, Tool } from "./server.ts";
export { state, type State } from "./state.ts";
export { capture, captures, fail, hash, lines, log, parseCsv, quote, type Quote, type StepError } from "./text.ts";
export { ago, duration, type Duration, iso, now, type Time, time } from "./time.ts";
export { cron, type CronOptions, every, type Overlap, queue, type QueueEvent, resource, type ResourceEvent, type ScheduleEvent, type ScheduleOptions, type Trigger, type TriggerOptions, webhook, type WebhookEvent } from "./triggers.ts";
export { approve, type Approval, type ApproveOptions, poll, sleep, until, waitFor } from "./waiting.ts";
export { call, type Context, type Limits, type Run, start, workflow, type Workflow, type WorkflowOptions } from "./workflow.ts";
