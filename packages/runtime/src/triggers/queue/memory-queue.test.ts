import { createFakeClock } from "../../testing/fake-clock.ts";
import { createMemoryQueue } from "../../testing/memory-queue.ts";
import { queueSuite } from "../../testing/queue.suite.ts";

// What the other tests take for a broker keeps what real ones promise.
queueSuite("memory", async () => {
  const clock = createFakeClock();
  const queue = createMemoryQueue("orders", clock);
  const moving = setInterval(() => void clock.advance(1_000), 5);
  return {
    inOrder: true,
    broker: async () => queue.broker,
    send: async (text) => queue.send(text),
    passHold: () => clock.advance(30_000),
    aside: async () => queue.deadLetters,
    remove: async () => clearInterval(moving),
  };
});
