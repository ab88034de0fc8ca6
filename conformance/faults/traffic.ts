import { setTimeout as wait } from "node:timers/promises";
import { githubDelivery } from "../../packages/runtime/src/testing/github-delivery.ts";
import type { Random } from "../kill/random.ts";
import { SECRETS, type Shop } from "./shop-project.ts";

/** What comes from outside as long as it is not stopped: deliveries, some of them twice, and answers to what people are asked. */
export interface Traffic {
  /** The numbers that were accepted (202), in no order. */
  readonly accepted: ReadonlySet<number>;
  /** How often deliveries were answered with which status; 0: not at all. */
  readonly answers: ReadonlyMap<number, number>;
  /** Sends no new deliveries; resolves when those that were begun are accepted. Answers go on. */
  stopSending(): Promise<void>;
  stop(): Promise<void>;
}

/** Between two deliveries of one sender: about as much as two cores bear beside all the starting and killing. Ms. */
const PAUSE_MS = 400;
const SENDERS = 2;
const SENT_TWICE = 0.3;
const AGAIN_MS = 100;
const ASK_MS = 300;

/** Begins to send. A sender sends until it is accepted, to either place, as behind a balancer. */
export function startTraffic(shop: Shop, random: Random): Traffic {
  const accepted = new Set<number>();
  const answers = new Map<number, number>();
  let [next, sending, answering] = [0, true, true];
  const post = async (n: number): Promise<number> => {
    const { port } = random.pick(shop.places.map((place) => [1, place] as const));
    const status = await fetch(`http://127.0.0.1:${port}/webhooks/shop`, { ...githubDelivery(SECRETS.HOOK_SECRET, `d${n}`, JSON.stringify({ n })), signal: AbortSignal.timeout(10_000) }).then(async (answer) => (await answer.text(), answer.status), () => 0);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (status === 202) accepted.add(n);
    return status;
  };
  const deliver = async (n: number): Promise<void> => {
    while ((await post(n)) !== 202) await wait(AGAIN_MS);
    if (random.chance(SENT_TWICE)) await post(n);
  };
  const send = async (): Promise<void> => {
    while (sending) {
      await deliver(next++);
      await wait(random.between(0, 2 * PAUSE_MS));
    }
  };
  const answer = async (): Promise<void> => {
    while (answering) {
      await wait(ASK_MS);
      await approveAll(shop.places[0].port).catch(() => approveAll(shop.places[1].port)).catch(() => undefined);
    }
  };
  const [sent, answered] = [Promise.all(Array.from({ length: SENDERS }, send)), answer()];
  const stopSending = async (): Promise<void> => {
    sending = false;
    await sent;
  };
  return {
    accepted, answers, stopSending,
    async stop() {
      answering = false;
      await stopSending();
      await answered;
    },
  };
}

/** As Ada does, who permits whatever is asked. */
async function approveAll(port: number): Promise<void> {
  const ask = (path: string, method = "GET"): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers: { authorization: `Bearer ${SECRETS.ADA}`, ...(method === "POST" ? { "content-type": "application/json" } : {}) }, ...(method === "POST" ? { body: "{}" } : {}), signal: AbortSignal.timeout(5_000) });
  const { questions = [] } = (await (await ask("/approvals")).json()) as { readonly questions?: readonly { readonly id: string }[] };
  for (const { id } of questions) await (await ask(`/approvals/${id}/approve`, "POST")).text();
}
