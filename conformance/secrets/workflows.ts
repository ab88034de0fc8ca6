/** The workflows over the hostile servers: what they tell goes everywhere where a run keeps or shows something. */
const write = (name: string, on: string, body: string, words: string): string => `import { ${words} } from "offstage";\nimport { hostile, own, remote } from "#servers";\n\nexport default workflow({ name: "${name}", on: [${on}], limits: { writes: 50 } }, async ({ event, run }) => {\n${body}\n});\n`;

/** By the names of their files. */
export const WORKFLOWS: Readonly<Record<string, string>> = {
  tell: write("tell", "", `const told = await hostile.tell({});
  log("told", told.text, told.members);
  const json = await hostile.json({});
  const far = await remote.tell({});
  log("far", far.text);
  const page = await hostile.read("told://all");
  await once(\`own:\${run.id}\`, () => own.say({ text: told.text }));
  await once(\`remote:\${run.id}\`, () => remote.say({ text: told.text }));
  return { told, json, page };`, "log, once, workflow"),
  held: write("held", "", `const told = await hostile.tell({});
  await once(\`held:\${run.id}\`, () => hostile.say({ text: told.text }));
  return told.text;`, "once, workflow"),
  fails: write("fails", "", "return await hostile.fail({});", "workflow"),
  refused: write("refused", "", "return await remote.refuse({});", "workflow"),
  doubt: write("doubt", "", "await once(`act:${run.id}`, () => hostile.act({ text: \"x\" }));\n  return 1;", "once, workflow"),
  raises: write("raises", "", "const told = await hostile.tell({});\n  throw fail(told.text);", "fail, workflow"),
  asks: write("asks", "", `const told = await hostile.tell({});
  const { kind } = await ask({ prompt: told.text, schema: { type: "object", properties: { kind: { type: "string" } }, required: ["kind"] }, maxTokens: 500 });
  log(kind);
  return kind;`, "ask, log, workflow"),
  waits: write("waits", "", `const told = await hostile.tell({});
  const { by } = await approve({ message: told.text });
  return \`by \${by ?? ""}\`;`, "approve, workflow"),
  heard: write("heard", ["github", "stripe", "slack", "standard", "shop", "ci"].map((name) => `webhook("${name}", { key: (event) => event.body.text })`).join(", "), `log("heard", event);
  if (event?.kind !== "webhook") return 1;
  const { outcome } = await approve({ message: \`Is this so? \${event.body.text}\` });
  return \`\${event.body.text} \${outcome}\`;`, "approve, log, webhook, workflow"),
  taken: write("taken", "queue(\"orders\", { when: (event) => event.body.text !== \"\" })", "log(\"taken\", event);\n  return event;", "log, queue, workflow"),
  beats: write("beats", "every(\"1s\")", "const told = await hostile.tell({});\n  log(told.text);\n  return told.text;", "every, log, workflow"),
  breaks: write("breaks", "every(\"1s\")", "return await hostile.fail({});", "every, workflow"),
  listens: write("listens", "resource(hostile, \"told://all\")", "log(event);\n  return event;", "log, resource, workflow"),
};
