import type { Data } from "../base/index.ts";
import type { ApprovalRequest } from "../model/index.ts";
import type { ApprovalWait } from "./answer-approval.ts";

/** One message of what waits for a person. */
export interface Notice {
  /** The same for ever: it is sent once. */
  readonly id: string;
  /** What it tells of: one, or the first of `count`. */
  readonly asked: ApprovalRequest | ApprovalWait;
  readonly count: number;
  readonly runId: string;
  /** One line for people. */
  readonly label: string;
}

/** How people are told of what waits for them: one call of a tool for each message. */
export interface NoticeMaker {
  readonly server: string;
  readonly tool: string;
  /** For whom messages are made, one each. */
  readonly recipients: readonly string[];
  /** So many are told one by one in ten minutes; of the others one message tells how many they are. */
  readonly most: number;
  /** The arguments of a message as they are kept, without what gives its reader power; null: this one need not be told. Errors: those of what it is made with, `SECRET_MISSING`. */
  kept(notice: Notice, recipient: string): Data | null;
  /** The same as they are sent. */
  sent(notice: Notice, recipient: string): Data;
}
