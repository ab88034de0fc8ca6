import { createHmac } from "node:crypto";

/** A delivery as GitHub sends and signs it, for `fetch`. `id` is the same when it is sent again. */
export function githubDelivery(secret: string, id: string, body: string): { readonly method: "POST"; readonly body: string; readonly headers: Record<string, string> } {
  return { method: "POST", body, headers: { "x-github-delivery": id, "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` } };
}
