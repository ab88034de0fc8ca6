type Payload = { readonly uid?: string; readonly grantId?: string; consumed?: number; readonly [field: string]: unknown };

/** Where one authorization server of a test keeps things, in the shape that `oidc-provider` asks for: its own in-memory one warns with each start. */
export function createOAuthStorage(): new (model: string) => object {
  const kept = new Map<string, Payload>();
  return class {
    readonly #model: string;

    constructor(model: string) {
      this.#model = model;
    }

    async upsert(id: string, payload: Payload): Promise<void> {
      kept.set(`${this.#model} ${id}`, payload);
      return Promise.resolve();
    }

    async find(id: string): Promise<Payload | undefined> {
      return Promise.resolve(kept.get(`${this.#model} ${id}`));
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return Promise.resolve([...kept].find(([key, payload]) => key.startsWith(`${this.#model} `) && payload.uid === uid)?.[1]);
    }

    async consume(id: string): Promise<void> {
      const payload = kept.get(`${this.#model} ${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
      return Promise.resolve();
    }

    async destroy(id: string): Promise<void> {
      kept.delete(`${this.#model} ${id}`);
      return Promise.resolve();
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
      return Promise.resolve();
    }
  };
}
