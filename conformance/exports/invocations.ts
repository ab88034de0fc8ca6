import { strict as assert } from "node:assert";
import { delivery, endedRuns, type listen } from "./installed-app.ts";
import type { Answered, RuntimeApi } from "./runtime-api.ts";

/** Wakes the function, then hands it a delivery, the same one again, and one that is not signed with its secret. Resolves to what happened; rejects when it was something else. */
export async function playInvocations(api: RuntimeApi, heard: ReturnType<typeof listen>, slowMs: number): Promise<string> {
  const invoke = (event: unknown): Promise<Answered> => Promise.race([api.invoke(event, slowMs), heard.ended.then((end) => Promise.reject(new Error(`the runtime ended with ${end}`)))]);
  const post = async (id: string, secret?: string): Promise<unknown> => {
    const { headers, body } = delivery(id, secret);
    const { body: answer } = await invoke({ version: "2.0", rawPath: "/webhooks/github", rawQueryString: "", headers, requestContext: { http: { method: "POST" } }, body: Buffer.from(body).toString("base64"), isBase64Encoded: true });
    return (answer as { readonly statusCode: unknown }).statusCode;
  };
  assert.deepEqual(await invoke({}), { kind: "response", body: { ok: true } });
  assert.deepEqual([await post("1"), await post("1"), await post("2", "another secret")], [202, 202, 401]);
  const asked = { version: "2.0", rawPath: "/webhooks/github", headers: {}, requestContext: { http: { method: "POST" } }, body: "{}" };
  const junk = [{ ...asked, headers: { "x-odd": "a\nb" } }, { httpMethod: "POST", path: "/webhooks/github", body: "{}" }, { ...asked, rawPath: "/no such ☃", headers: null }];
  const answers: unknown[] = [];
  for (const event of junk) answers.push(((await invoke(event)).body as { readonly statusCode: unknown }).statusCode);
  assert.deepEqual(answers, [400, 400, 404]);
  assert.equal(endedRuns(heard.text), 1, heard.text);
  return "7 invocations: woken; 202, 202 for the same delivery again, 401; 400, 400 and 404 for junk; one run";
}
