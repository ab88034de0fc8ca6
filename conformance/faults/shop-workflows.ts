/** What each delivery `{ n }` is to lead to, besides beats of the clock. A text is written once, and is the key of its write. */
const HEAR = `import { approve, each, fail, once, record, sleep, start, webhook, workflow } from "offstage";
import { shop, till } from "#servers";
import child from "./child.ts";

const note = record("note", {
  identity: (text: string) => text,
  find: async (text) => {
    const { found } = await shop.find({ text });
    return found ? [{ text }] : [];
  },
  create: (text) => shop.echo({ text }),
  keep: (made) => ({ text: made.text }),
});

export default workflow({ name: "hear", on: [webhook("shop", { key: (event) => String(event.body.n) })], limits: { writes: 20 } }, async ({ event }) => {
  if (event?.kind !== "webhook") return null;
  const n = Number(event.body.n);
  await shop.add({ a: n, b: 1 });
  await once(\`once \${n}\`, () => shop.echo({ text: \`once \${n}\` }));
  if (n % 2 === 0) await note.ensure(\`note \${n}\`);
  if (n % 3 === 0) {
    await each(["a", "b"], { key: (part) => part, parallel: 2, onError: "continue" }, async (part) => {
      await once(\`part \${n} \${part}\`, () => till.echo({ text: \`part \${n} \${part}\` }));
    });
  }
  if (n % 4 === 0) await start(child, String(n), { n });
  if (n % 5 === 0) {
    const { outcome } = await approve({ message: \`May \${n} go on?\`, show: n });
    if (outcome !== "approved") throw fail("It may not.");
    await once(\`approved \${n}\`, () => shop.echo({ text: \`approved \${n}\` }));
  }
  if (n % 7 === 0) {
    await sleep("1s");
    await once(\`slept \${n}\`, () => shop.echo({ text: \`slept \${n}\` }));
  }
  return n;
});
`;

const CHILD = `import { once, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "child", on: [], inputs: { n: 0 }, limits: { writes: 5 } }, async ({ inputs }) => {
  await once(\`child \${inputs.n}\`, () => shop.echo({ text: \`child \${inputs.n}\` }));
});
`;

const COUNT = `import { once, state, webhook, workflow } from "offstage";
import { shop } from "#servers";
const total = state("total", 0);
export default workflow({ name: "count", on: [webhook("shop", { when: (event) => event.body.n % 10 === 1 })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "webhook") return null;
  const n = Number(event.body.n);
  const before = await total.get();
  await once(\`count \${n}\`, () => shop.echo({ text: \`count \${n}\` }));
  await total.set(before + 1);
  return n;
});
`;

const BEAT = `import { every, once, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "beat", on: [every("2s")], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind === "schedule") await once(\`beat \${event.at}\`, () => shop.echo({ text: \`beat \${event.at}\` }));
});
`;

/** By name. */
export const WORKFLOWS: Readonly<Record<string, string>> = { hear: HEAR, child: CHILD, count: COUNT, beat: BEAT };

/** What a run of `hear` writes that succeeded, and what it started. */
export function textsOf(n: number): readonly string[] {
  const when = (holds: boolean, ...texts: readonly string[]): readonly string[] => (holds ? texts : []);
  return [`once ${n}`, ...when(n % 2 === 0, `note ${n}`), ...when(n % 3 === 0, `part ${n} a`, `part ${n} b`), ...when(n % 5 === 0, `approved ${n}`), ...when(n % 7 === 0, `slept ${n}`)];
}
