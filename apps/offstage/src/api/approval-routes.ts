import type { Data } from "offstage/base";
import { openApprovals } from "offstage/host";
import { z } from "zod";
import { answerOne, findAsked } from "./answer-one.ts";
import { type Route, route } from "./route.ts";
import { approvalRequest, question } from "./shapes.ts";
import type { ApiStage } from "./stage.ts";

/** Of each kind; people answer no more at once. */
const SHOWN = 100;

const answerBody = z.strictObject({ why: z.string().max(1_000).optional().meta({ description: "What the person says to it; it is kept with the answer." }) });
const answered = z.object({ id: z.string(), verdict: z.enum(["approve", "deny"]), by: z.string(), why: z.string().nullable(), at: z.int(), runs: z.array(z.string()).meta({ description: "The runs that go on with it." }), missing: z.int().meta({ description: "How many people more have to permit it." }) });

/** What waits for a person, and the person's answer: by the rules of `offstage approve`. */
export function approvalRoutes(stage: ApiStage): readonly Route[] {
  const { store, environment: { clock } } = stage;
  const answer = (verdict: "approve" | "deny", summary: string): Route =>
    route({
      method: "POST", path: `/approvals/{id}/${verdict}`, role: "approver", summary, body: answerBody, answer: { status: 200, shape: answered }, problems: [404, 409],
      handle: async ({ params: { id = "" }, body: { why }, caller }) => ({ status: 200, body: (await answerOne(stage, { id, verdict, by: caller.name, way: "api", ...(why === undefined ? {} : { why }) })) as unknown as Data }),
    });
  return [
    route({
      method: "GET", path: "/approvals", role: "viewer", summary: "What waits for a person now: writes that the policy wants permitted, and questions of workflows. Those of each kind that wait longest come first.",
      answer: { status: 200, shape: z.object({ permissions: z.array(approvalRequest), questions: z.array(question), more: z.boolean().meta({ description: "There are more: they come when these are answered." }) }) },
      async handle() {
        const requests = (await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: 10_000 }))).toReversed();
        const questions = await openApprovals(store, clock.now());
        return { status: 200, body: { permissions: requests.slice(0, SHOWN), questions: questions.slice(0, SHOWN), more: requests.length > SHOWN || questions.length > SHOWN } as unknown as Data };
      },
    }),
    route({
      method: "GET", path: "/approvals/{id}", role: "viewer", summary: "One of them, also when it was answered.",
      answer: { status: 200, shape: z.object({ permission: approvalRequest.nullable(), question: question.nullable() }) }, problems: [404],
      async handle({ params: { id = "" } }) {
        const { requests, approvals } = await findAsked(store, id);
        return { status: 200, body: { permission: requests[0] ?? null, question: approvals[0] ?? null } as unknown as Data };
      },
    }),
    answer("approve", "Permits exactly this write, or says yes. The token's name is who answers."),
    answer("deny", "Refuses it. A write that was refused can be permitted after all; an answer to a question stays."),
  ];
}
