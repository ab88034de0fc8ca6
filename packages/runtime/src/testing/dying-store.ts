import type { Store } from "../state/index.ts";
import type { HostWorld } from "./host-world.ts";

/** The store of process 1, which is killed at one of its transactions, before or after it, as SIGKILL does: whatever it awaits then never ends. */
export function dyingStore(world: Pick<HostWorld, "storeOf" | "kill">, at: number, after: boolean): Store {
  const own = world.storeOf(1);
  let count = 0;
  return {
    ...own,
    async transact(how, body) {
      count += 1;
      if (count === at && !after) world.kill(1);
      const result = await own.transact(how, body);
      if (count < at || !after) return result;
      world.kill(1);
      return new Promise(() => undefined);
    },
  };
}
