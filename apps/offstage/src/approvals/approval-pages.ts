import { isOffstageError, type Redactor } from "offstage/base";
import { type ApprovalWait, isPast } from "offstage/host";
import type { ApprovalRequest, Run } from "offstage/model";
import { createRateGate, readBody } from "offstage/triggers/webhook";
import { answerOne, findAsked } from "../api/answer-one.ts";
import { mediaTypeOf } from "../api/media-type.ts";
import { ApiError } from "../api/problem.ts";
import type { ApiStage } from "../api/stage.ts";
import type { ResolvedLinks } from "../config/resolve-links.ts";
import { LINK_PATH, needsName, SOMEBODY } from "./link-maker.ts";
import { type ApprovalLink, readLink } from "./link-token.ts";
import { type ApprovalPage, pageResponse } from "./approval-page.ts";
import { escapeControls } from "../terminal.ts";
import { instant, shownPermission, shownQuestion } from "./page-texts.ts";

/** What {@link createApprovalPages} needs. */
export interface ApprovalPagesOptions extends Pick<ApiStage, "store" | "approving"> {
  readonly environment: ApiStage["environment"];
  /** As they are now: a key that was rotated counts at once. */
  readonly links: () => ResolvedLinks | null;
  /** Hears of mistakes of ours. */
  readonly failed: (error: unknown) => void;
}

/** A reason and a verdict, with room for how forms write them. */
const MAX_BODY = 16 << 10;
const MAX_WHY = 1_000;

export { LINK_PATH } from "./link-maker.ts";

/** More than people do; whoever has one link could keep the store busy. */
const RATE = { count: 120, perMs: 60_000 };

/** A page that is told instead of asked. */
class Told extends Error {
  readonly status: number;
  readonly page: ApprovalPage;
  constructor(status: number, title: string, text: string, tone: "good" | "neutral" | "bad" = "neutral") {
    super(title);
    this.status = status;
    this.page = { kind: "told", title, text: escapeControls(text, "keep"), tone };
  }
}

function toldPage({ status, page }: Told, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return pageResponse(status, page, headers);
}

/**
 * Answers requests under {@link LINK_PATH}: a GET shows what is asked and changes nothing, since programs that preview links send it too; a POST of its form answers. What no
 * key signed is refused before the store is asked.
 */
export function createApprovalPages(options: ApprovalPagesOptions): (request: Request) => Promise<Response> {
  const gate = createRateGate(RATE);
  return async (request) => {
    try {
      const link = linkOf(request, options);
      const waitMs = gate.wait(options.environment.clock.now());
      if (waitMs > 0) return await toldPage(new Told(429, "Too many at once", "Open the link again in a minute.", "bad"), { "retry-after": String(Math.ceil(waitMs / 1_000)) });
      if (request.method === "GET" || request.method === "HEAD") return await askedPage(link, options);
      if (request.method === "POST") return await answerPage(request, link, options);
      return await toldPage(new Told(405, "Not this way", "Open the link, and answer with its form."), { allow: "GET, HEAD, POST" });
    } catch (error) {
      const told = error instanceof Told ? error : toldOf(error);
      if (told.status === 500) options.failed(error);
      return toldPage(told);
    }
  };
}

function linkOf(request: Request, { links, environment: { clock } }: ApprovalPagesOptions): ApprovalLink {
  const link = readLink(new URL(request.url).pathname.slice(LINK_PATH.length + 1), links()?.keys ?? []);
  if (link === null) throw new Told(403, "This link is not valid", "It is not whole, or it was made with a key that does not count any more. Copy it again from where you got it, or answer with: offstage approve", "bad");
  if (clock.now() >= link.expiresAt) throw new Told(410, "This link has expired", `It held until ${instant(link.expiresAt)}. What it was about may be open still: offstage approve lists it.`);
  return link;
}

/** What a link is about, open and as it was shown. */
async function openAsked({ id, hash }: ApprovalLink, { store, environment: { clock } }: ApprovalPagesOptions): Promise<{ readonly request: ApprovalRequest | null; readonly question: ApprovalWait | null; readonly root: Run | null }> {
  const { requests: [request = null], approvals: [question = null] } = await findAsked(store, id);
  const asked = request ?? question;
  if (asked === null || (request?.argsHash ?? question?.hash) !== hash) throw new Told(410, "Something newer took its place", "What would be written has changed since this link was made. The newer request has a link of its own.");
  if (request?.status === "replaced") throw new Told(410, "Something newer took its place", "What would be written has changed since this link was made, or it was permitted by other means. A newer request has a link of its own.");
  if (request?.status === "denied" && request.answers.at(-1)?.way === "timeout") throw new Told(410, "Too late", `Nobody answered in time, so it was refused at ${instant(request.answeredAt ?? request.openedAt)}. To permit it after all: offstage approve ${request.id}`);
  if (request !== null && request.status !== "open") throw new Told(410, "This was answered", `${request.answeredBy ?? "Somebody"} ${request.status === "denied" ? "refused" : "permitted"} it at ${instant(request.answeredAt ?? request.openedAt)}.`);
  if (question !== null && question.answer !== null) throw new Told(410, "This was answered", `${question.answer.by} said ${question.answer.verdict === "approved" ? "yes" : "no"} at ${instant(question.answer.at)}.`);
  if (question !== null && (question.status !== "open" || isPast(question, clock.now()))) throw new Told(410, "Too late", "The time for an answer is over, and the workflow goes on without one.");
  const root = await store.transact({ durable: false, reads: true }, (tx) => tx.getRun(asked.rootRunId));
  return { request, question, root };
}

async function askedPage(link: ApprovalLink, options: ApprovalPagesOptions): Promise<Response> {
  const { request, question, root } = await openAsked(link, options);
  const redactor: Redactor = options.environment.redactor;
  const shown = request === null ? (question === null ? null : shownQuestion(question, root, redactor)) : shownPermission(request, root, redactor, options.approving().approvers.timeoutMs);
  if (shown === null) throw new Told(404, "There is nothing here", "What this link was about is not kept any more.");
  return pageResponse(200, { kind: "question", shown, by: link.by, until: instant(link.expiresAt) });
}

async function answerPage(request: Request, link: ApprovalLink, options: ApprovalPagesOptions): Promise<Response> {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw new Told(403, "Not from there", "Only the form of this page answers.", "bad");
  const form = await formOf(request);
  const verdict = form.get("verdict");
  if (verdict !== "approve" && verdict !== "deny") throw new Told(400, "Nothing was said", "Go back, and choose Permit or Refuse.", "bad");
  const why = (form.get("why") ?? "").trim().slice(0, MAX_WHY);
  // Also when it was answered already: whoever was not told says the same again, and is told so.
  const { requests: [asked], approvals: [question] } = await findAsked(options.store, link.id);
  // Who that is nobody knows: perhaps whoever started it, or has answered already.
  if (link.by === SOMEBODY && needsName(asked ?? {}, options.approving().approvers)) throw new Told(403, "Somebody has to answer by name", "This link is nobody's own, and here it counts who answers: several people have to, or whoever started a run may not (approvals.fourEyes). Answer with: offstage approve", "bad");
  if ((asked?.argsHash ?? question?.hash) !== link.hash || asked?.status === "replaced") await openAsked(link, options);
  const { missing } = await answerOne(options, { id: link.id, verdict, by: link.by, way: "link", ...(why === "" ? {} : { why }) });
  if (verdict === "deny") return toldPage(new Told(200, "Refused", "It is kept, with your name and the reason. It is not done.", "neutral"));
  if (missing > 0) return toldPage(new Told(200, "Noted", `${missing} more ${missing === 1 ? "person has" : "people have"} to permit it.`, "good"));
  return toldPage(new Told(200, "Permitted", "It is kept, with your name and the reason, and goes on now.", "good"));
}

async function formOf(request: Request): Promise<URLSearchParams> {
  if (mediaTypeOf(request) !== "application/x-www-form-urlencoded") throw new Told(415, "Not this way", "Answer with the form of the page.", "bad");
  const bytes = await readBody(request, MAX_BODY);
  if (bytes === null) throw new Told(413, "Too long", "The reason has more than a thousand characters.", "bad");
  return new URLSearchParams(new TextDecoder().decode(bytes));
}

/** What was thrown below us, as a page. */
function toldOf(error: unknown): Told {
  if (error instanceof ApiError && error.status === 409) return new Told(409, "This was answered otherwise", error.message);
  const code = isOffstageError(error) ? error.code : "BUG";
  if (code === "ANSWER_NOT_ALLOWED") return new Told(403, "Somebody else has to answer", (error as Error).message, "bad");
  if (code === "REQUEST_UNKNOWN") return new Told(404, "There is nothing here", "What this link was about is not kept any more, or its time is over.");
  if (code.startsWith("STORE_")) return new Told(503, "Not now", "The store cannot be used at the moment. Open the link again: it is shown whether your answer was kept.", "bad");
  return new Told(500, "This is a mistake of ours", "Nothing is known of an answer: open the link again to see.", "bad");
}
