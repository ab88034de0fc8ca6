import type { Clock } from "../../../base/index.ts";
import { guardBroker } from "../guard-broker.ts";
import type { RedisQueue } from "../queue-config.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../queue-port.ts";
import { connectRedis, type RedisConnection } from "./connect-redis.ts";
import { createEntries, type Entry } from "./entries.ts";

/** How long a read waits for messages: a process that is to stop waits no longer. Ms. */
const BLOCK_MS = 1_000;

/** A consumer that is gone is forgotten after this; until then people see it. Ms. */
const FORGET_MS = 3_600_000;

/** Consumers that have nothing pending, by the beginning of their name: with something pending they would take it along. One script, because they may get something between two commands. */
const FORGET = `for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if string.sub(c[2], 1, string.len(ARGV[2])) == ARGV[2] and c[4] == 0 and c[6] >= tonumber(ARGV[3]) then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2]) end
end`;

/** Whoever takes it next takes what this consumer has. */
const RETURNED = "offstage:returned";

/**
 * A stream and its consumer group, which is made when it is not there, from the stream's beginning. `consumer` has to be this process's alone. What a process that ended had in hand is claimed
 * when its time is over. Needs Redis 6.2.
 */
export function createRedisQueue(config: RedisQueue, { clock, consumer }: { readonly clock: Pick<Clock, "now">; readonly consumer: string }): QueueBroker {
  const { name, stream, deadLetters } = config;
  return guardBroker({
    ...config,
    deadLetters: `the stream ${deadLetters}`,
    async open() {
      // A read that waits keeps every other command of its connection waiting.
      const commands = await connectRedis(config.url);
      try {
        const reads = await connectRedis(config.url);
        const connection = createConnection(config, { commands, reads, now: () => clock.now(), consumer: `offstage:${consumer}` });
        await commands.command("XLEN", stream).catch((error: unknown) => (connection.close(), Promise.reject(error as Error)));
        return connection;
      } catch (error) {
        commands.close();
        throw error;
      }
    },
  }, `Look whether the Redis of queues.${name} runs, takes this user, and has a stream ${stream} or none.`);
}

interface Wires {
  readonly commands: RedisConnection;
  readonly reads: RedisConnection;
  readonly now: () => number;
  readonly consumer: string;
}

function createConnection({ stream, group, field, holdMs, deadLetters }: RedisQueue, { commands, reads, now, consumer }: Wires): QueueConnection {
  const entries = createEntries(stream, field);
  let [claimAt, cursor] = [0, START];
  const inGroup = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error as Error).message.startsWith("NOGROUP")) throw error;
      await makeGroup(commands, stream, group);
      return ask();
    }
  };
  /** What others took and did not handle in time, or gave back. */
  const claim = async (limit: number): Promise<readonly Entry[]> => {
    const [next, claimed] = (await inGroup(() => commands.command("XAUTOCLAIM", stream, group, consumer, holdMs, cursor, "COUNT", limit))) as [Buffer, readonly Entry[]];
    cursor = next.toString();
    if (cursor === START) {
      claimAt = now() + holdMs / 2;
      await forget(commands, stream, group, "offstage:", FORGET_MS);
    }
    // Those that were deleted from the stream meanwhile have nothing in them.
    return claimed.filter((entry) => entry?.[1] != null);
  };
  return {
    async receive(limit) {
      // A clock that was put back must not make them wait for it.
      if (now() >= claimAt || claimAt - now() > holdMs) {
        const claimed = await claim(limit);
        if (claimed.length > 0) return Promise.all(claimed.map(async (entry) => entries.message(entry, await deliveriesOf(commands, stream, group, entry))));
      }
      const reply = (await inGroup(() => reads.command("XREADGROUP", "GROUP", group, consumer, "COUNT", limit, "BLOCK", BLOCK_MS, "STREAMS", stream, ">"))) as readonly [readonly [Buffer, readonly Entry[]]] | null;
      return (reply?.[0][1] ?? []).map((entry) => entries.message(entry, 1));
    },
    async acknowledge(messages) {
      await commands.command("XACK", stream, group, ...messages.map((message) => entries.idOf(message)));
    },
    async giveBack(messages) {
      // As if its time were over, and without this delivery.
      for (const message of messages) await commands.command("XCLAIM", stream, group, RETURNED, 0, entries.idOf(message), "IDLE", holdMs, "RETRYCOUNT", message.attempt - 1, "JUSTID");
      claimAt = 0;
    },
    async deadLetter(message: QueueMessage, why) {
      await commands.together([["XADD", deadLetters, "*", ...entries.fieldsOf(message), "offstage:id", entries.idOf(message), "offstage:deliveries", message.attempt, "offstage:why", why], ["XACK", stream, group, entries.idOf(message)]]);
    },
    async close() {
      await forget(commands, stream, group, consumer, 0);
      commands.close();
      reads.close();
    },
  };
}

/** Where the stream, and a look at all that is pending, begins. */
const START = "0-0";

async function makeGroup(commands: RedisConnection, stream: string, group: string): Promise<void> {
  await commands.command("XGROUP", "CREATE", stream, group, START, "MKSTREAM").catch((error: Error) => {
    // Another process was faster.
    if (!error.message.startsWith("BUSYGROUP")) throw error;
  });
}

/** Only so that there are no thousands of them one day. */
async function forget(commands: RedisConnection, stream: string, group: string, consumer: string, idleMs: number): Promise<void> {
  await commands.command("EVAL", FORGET, 1, stream, group, consumer, idleMs).catch(() => undefined);
}

async function deliveriesOf(commands: RedisConnection, stream: string, group: string, [id]: Entry): Promise<number> {
  const [pending] = (await commands.command("XPENDING", stream, group, id, id, 1)) as readonly (readonly [Buffer, Buffer, number, number])[];
  return pending?.[3] ?? 1;
}
