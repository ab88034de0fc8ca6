import { expect, test } from "vitest";
import { loadClient } from "./load-client.ts";

/** As Node fails when it does not find a package. */
const missing = (name: string): Promise<unknown> => Promise.reject(Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" }));

test("a client that is not installed is told with the command that installs it; another fault is not mistaken for that", async () => {
  await expect(loadClient("@aws-sdk/client-sqs", 3, () => missing("@aws-sdk/client-sqs"))).rejects.toMatchObject({ code: "QUEUE_CLIENT_MISSING", hint: "Install it where Offstage is: npm install @aws-sdk/client-sqs@3" });
  await expect(loadClient("@aws-sdk/client-sqs", 3, () => missing("tslib"))).rejects.not.toHaveProperty("hint");
  await expect(loadClient("ioredis", 6, () => Promise.resolve(1))).resolves.toBe(1);
});
