import { createMemoryStore } from "./memory-store.ts";
import { storeSuite } from "./store.suite.ts";

storeSuite({
  name: "memory",
  async newPlace() {
    const store = createMemoryStore();
    return { open: async () => store, remove: async () => undefined };
  },
});
