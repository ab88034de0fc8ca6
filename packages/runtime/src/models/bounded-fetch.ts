import { OffstageError } from "../base/index.ts";

/** What a service may send, bytes: an answer and what stands around it. No value may be larger. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** `fetch`, which stops reading where an answer becomes too large to be one: it would be in memory as a whole. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  let left = MAX_ANSWER_BYTES;
  const bounded = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength;
        if (left < 0) controller.error(new OffstageError("LIMIT_SIZE", `What it sends is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB.`));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(bounded, { status: response.status, statusText: response.statusText, headers: response.headers });
};
