import { type Clock, type Data, type Redactor, shorten } from "offstage/base";
import type { Notice, NoticeMaker } from "offstage/host";
import { type Approvers, isAmong, peopleOf } from "offstage/model";
import type { NotifySettings } from "../config/approval-settings.ts";
import type { ResolvedLinks } from "../config/resolve-links.ts";
import { targetText } from "../output/plan-text.ts";
import { escapeControls } from "../terminal.ts";
import { linkTo, needsName, SOMEBODY } from "./link-maker.ts";

/** What {@link createNoticeMaker} needs. */
export interface NoticeMakerOptions {
  readonly settings: NotifySettings;
  /** null: there are none, and what waits is answered otherwise. */
  readonly links: () => ResolvedLinks | null;
  readonly approvers: () => Approvers;
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/** What stands in the place of a link where it is kept. */
const KEPT_LINK = "[link]";
/** How else: for whom no link is, and where one message is about many. */
const OTHERWISE = "offstage approve";
/** More of a label, a target and a reason says what they belong to. UTF-16 units. */
const LONGEST = 200;

/** Makes messages by the template of `approvals.notify`. */
export function createNoticeMaker({ settings, links, approvers, redactor, clock }: NoticeMakerOptions): NoticeMaker {
  const { server, tool, args, most, to } = settings;
  const recipients = (): readonly string[] => (to === null ? [SOMEBODY] : peopleOf(to, approvers()));
  /** Without what could move a cursor, ring everybody in a chat or be taken for a field. */
  const said = (text: string): string => shorten(escapeControls(redactor.redact(text)), LONGEST).replaceAll("<", "‹").replaceAll(">", "›").replaceAll("{{", "{ {").replaceAll("](", "] (").replaceAll(/@(?=everyone|here|channel|all)/gi, "@\u200b");
  const textOf = ({ asked, count }: Notice): string => {
    if (count > 1) return `${count} more wait for a person: offstage approve lists them.`;
    if (!("effect" in asked)) return `${said(asked.workflow)} asks: ${said(asked.message)}`;
    return `May ${said(asked.label)} be written? ${said(asked.tool === null ? asked.server : `${asked.server}.${asked.tool}`)} on ${said(targetText(asked))}, by ${said(asked.workflow)}: ${said(asked.reason)}.`;
  };
  const made = (notice: Notice, recipient: string, link: string): Data => {
    const { asked, count } = notice;
    const fields: Readonly<Record<string, string>> = { message: textOf(notice), link, approver: recipient, workflow: said(asked.workflow), run: asked.runId, request: asked.id, count: String(count) };
    return filled(args, fields);
  };
  const hasLink = ({ asked, count }: Notice, recipient: string): boolean => !(recipient === SOMEBODY && needsName("effect" in asked ? asked : {}, approvers())) && links() !== null && count === 1 && isAmong(asked.by, recipient, approvers());
  return {
    server, tool, most,
    get recipients() {
      return recipients();
    },
    kept: (notice, recipient) => (to !== null && notice.count === 1 && !isAmong(notice.asked.by, recipient, approvers()) ? null : made(notice, recipient, hasLink(notice, recipient) ? KEPT_LINK : OTHERWISE)),
    sent(notice, recipient) {
      const { asked } = notice;
      const leading = links();
      if (leading === null || !hasLink(notice, recipient)) return made(notice, recipient, OTHERWISE);
      return made(notice, recipient, linkTo({ id: asked.id, hash: "effect" in asked ? asked.argsHash : asked.hash }, recipient, leading, clock.now()));
    },
  };
}

function filled(template: Data, fields: Readonly<Record<string, string>>): Data {
  if (typeof template === "string") return template.replaceAll(/\{\{ *(\w+) *\}\}/g, (_, name: string) => fields[name] ?? "");
  if (Array.isArray(template)) return (template as readonly Data[]).map((item) => filled(item, fields));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value as Data, fields)]));
}
