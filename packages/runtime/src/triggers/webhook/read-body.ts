/** The body of a request; null when it is larger than it may be. No more than that is ever held. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const said = request.headers.get("content-length");
  if (Number(said ?? 0) > maxBytes) return null;
  // As long as it was said to be: HTTP ends it there, and it is read at once, without a stream over it.
  if (said !== null) return fitting(new Uint8Array(await request.arrayBuffer()), maxBytes);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function fitting(body: Uint8Array, maxBytes: number): Uint8Array | null {
  return body.length > maxBytes ? null : body;
}
