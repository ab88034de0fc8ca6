/** What goes wrong with a request. `before`: nothing was written; `after`: the write happened and the client does not learn of it. */
export type Fault =
  | { readonly kind: "drop"; readonly when: "before" | "after" }
  | { readonly kind: "status"; readonly status: number; readonly when: "before" | "after" }
  /** The right status with a body that is cut off; after the write. */
  | { readonly kind: "broken-body" }
  /** The answer comes late; after the write. */
  | { readonly kind: "delay"; readonly delayMs: number };

/** Which requests a fault meets: the next `times` (default 1) that match, after letting `skip` (default 0) of them pass. */
export interface FaultTarget {
  readonly method?: string;
  /** The path after `/rest/api/3`, `*` for any run of characters without a slash. */
  readonly path?: string;
  readonly skip?: number;
  readonly times?: number;
}

/** Requests that are kept waiting until they are let go. */
export interface Hold {
  /** Resolves when `count` requests wait here. */
  readonly arrived: (count: number) => Promise<void>;
  /** How many wait, or have waited. */
  readonly count: () => number;
  /** Lets all go on as if nothing had been; also those that arrive later. */
  readonly release: () => void;
  /** Cuts the connection of all, also of those that arrive later; what was not yet written stays unwritten. */
  readonly drop: () => void;
}

/** What the server does with one request. */
export type Meeting = Fault | { readonly kind: "hold"; readonly when: "before" | "after"; readonly wait: () => Promise<"release" | "drop"> };

/** Where tests and the demo say what shall go wrong. */
export interface Faults {
  readonly add: (target: FaultTarget, fault: Fault) => void;
  readonly hold: (target: FaultTarget, when: "before" | "after") => Hold;
  /** Forgets all faults and drops what is held. */
  readonly clear: () => void;
}

interface Armed {
  readonly target: FaultTarget;
  readonly meeting: Meeting;
  readonly end: () => void;
  seen: number;
}

/** Makes the list of faults; `take` is for the server: what this request meets, the oldest matching fault first. */
export function createFaults(): Faults & { readonly take: (method: string, path: string) => Meeting | null } {
  let armed: Armed[] = [];
  const arm = (target: FaultTarget, meeting: Meeting, end = (): void => undefined): void => {
    armed.push({ target, meeting, end, seen: 0 });
  };
  return {
    add: (target, fault) => arm(target, fault),
    hold: (target, when) => {
      const { hold, wait } = createHold();
      arm(target, { kind: "hold", when, wait }, hold.drop);
      return hold;
    },
    clear: () => {
      for (const one of armed) one.end();
      armed = [];
    },
    take: (method, path) => {
      for (const one of armed) {
        if (!applies(one.target, method, path)) continue;
        one.seen += 1;
        const { skip = 0, times = 1 } = one.target;
        if (one.seen > skip && one.seen <= skip + times) return one.meeting;
      }
      return null;
    },
  };
}

function applies(target: FaultTarget, method: string, path: string): boolean {
  if (target.method !== undefined && target.method !== method) return false;
  return target.path === undefined || pathPattern(target.path).test(path);
}

function pathPattern(path: string): RegExp {
  const escaped = path.split("*").map((part) => part.replaceAll(/[^\w/]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join("[^/]*")}$`);
}

function createHold(): { readonly hold: Hold; readonly wait: () => Promise<"release" | "drop"> } {
  const end = Promise.withResolvers<"release" | "drop">();
  let waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  let count = 0;
  return {
    wait: () => {
      count += 1;
      waiters = waiters.filter((waiter) => {
        if (waiter.count <= count) waiter.resolve();
        return waiter.count > count;
      });
      return end.promise;
    },
    hold: {
      arrived: (wanted) => {
        if (count >= wanted) return Promise.resolve();
        return new Promise((resolve) => void waiters.push({ count: wanted, resolve }));
      },
      count: () => count,
      release: () => end.resolve("release"),
      drop: () => end.resolve("drop"),
    },
  };
}
