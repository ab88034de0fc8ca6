/** A body as text, or null when it is longer than that. Rejects with a `TypeError` where it breaks off. */
export async function boundedText(response: Response, maxBytes: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > maxBytes) return null;
      parts.push(part);
    }
  } catch (error) {
    throw new TypeError("The answer broke off.", { cause: error });
  }
  return Buffer.concat(parts).toString("utf8");
}

/** As much of an answer that is no message as anybody looks at. Bytes. */
const OTHER_BYTES = 16 * 1024;

/** Everything else: a status, a page. The SDK would hold whatever comes, for as long as it comes. */
export async function otherResponse(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      parts.push(part);
      if ((length += part.length) >= OTHER_BYTES) break;
    }
  } catch {
    // What came tells enough.
  }
  return new Response(Buffer.concat(parts).subarray(0, OTHER_BYTES).toString("utf8"), { status: response.status, headers: response.headers });
}
