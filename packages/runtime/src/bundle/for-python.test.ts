import { expect, test } from "vitest";
import { exportSourceOf } from "../testing/export-source.ts";
import { deriveDeployment, forPython } from "./index.ts";

const wiki = { url: "https://wiki.example/mcp" };

test.each([
  [{ sandbox: true }, ["servers.wiki: sandbox"]],
  [{ elicitation: "ask", sampling: "allow" }, ["servers.wiki: elicitation", "servers.wiki: sampling"]],
  [{ roots: ["src"] }, ["servers.wiki: roots"]],
  [{ auth: { kind: "login" } }, ['servers.wiki: auth by "login"']],
  [{ sandbox: false, elicitation: "none", sampling: "refuse", roots: [], timeout: "5s", auth: { kind: "bearer", token: "${env:T}" } }, []],
] as const)("of a server %j: %j is refused", (settings, refused) => {
  expect(forPython(exportSourceOf({ servers: { wiki }, settings: { servers: { wiki: settings } } })).refused).toEqual(refused);
});

test("what is said of a server that the workflow never reaches is neither refused nor taken along", () => {
  const { refused, source } = forPython(exportSourceOf({ servers: { wiki }, settings: { servers: { wiki: { timeout: "5s" }, other: { sandbox: true } } } }));
  expect([refused, source.settings]).toEqual([[], { servers: { wiki: { timeout: "5s" } } }]);
});

test("a server that speaks by the older event stream, and a workflow that asks a model, are refused", () => {
  const body = `await ask({ prompt: "What is it?", schema: { type: "object", properties: {} }, maxTokens: 10 });`;
  expect(forPython(exportSourceOf({ servers: { wiki: { ...wiki, type: "sse" } }, body })).refused).toEqual(["mcp.json, wiki: the older event stream (type: sse)", "leaks: it asks a model"]);
});

test("changes of resources and queues of other brokers than Redis are not listened to; schedules and webhooks are", () => {
  const queues = { jobs: { kind: "sqs", url: "https://sqs.example/1" }, orders: { kind: "redis", url: "redis://r" } };
  expect(forPython(exportSourceOf({ on: `every("1h"), webhook("github"), queue("jobs"), queue("orders"), resource(world, "file:///a")`, settings: { queues } })).unserved).toEqual(["the queue jobs", "changes of file:///a"]);
});

test("what serve would refuse and only takes something away is left out, with its secrets, and said", () => {
  const needs = { secrets: ["API", "LINKS", "HOOK"].map((name) => ({ name, place: "offstage.yaml" })) };
  const settings = {
    serve: { listen: "127.0.0.1:8400", metrics: true, reload: true, api: { tokens: [{ token: "${secret:API}" }] }, retry: "1h" },
    approvals: { fourEyes: true, links: { url: "https://a.example", keys: ["${secret:LINKS}"] } }, model: { use: "a/b" },
    webhooks: { github: { verify: "github", secret: "${secret:HOOK}" } }, retention: { runs: "30d" },
  };
  const given = { ...exportSourceOf({ on: `webhook("github")`, settings }), needs: { variables: [], files: [], programs: [], ...needs } };
  const { source, passedBy } = forPython(given);
  expect(source.settings).toEqual({ serve: { listen: "127.0.0.1:8400", retry: "1h" }, approvals: { fourEyes: true }, webhooks: settings.webhooks, retention: { runs: "30d" } });
  expect(source.needs.secrets.map(({ name }) => name)).toEqual(["HOOK"]);
  expect(passedBy.map((one) => one.split(" ")[0])).toEqual(["serve.metrics", "serve.reload", "serve.api", "approvals.links", "retention"]);
  const { metricsPort, paths, changes, settings: deployed, projectNeeds } = deriveDeployment(given, { language: "python" });
  expect([metricsPort, paths, deployed["serve"]]).toEqual([null, ["/webhooks/github"], { listen: "0.0.0.0:8400", reload: false, retry: "1h" }]);
  expect([changes.slice(-passedBy.length), projectNeeds.secrets.map(({ name }) => name)]).toEqual([passedBy, ["HOOK"]]);
  expect(forPython(exportSourceOf({ settings: { serve: { reload: false } } }))).toMatchObject({ passedBy: [], source: { settings: { serve: { reload: false } } } });
});
