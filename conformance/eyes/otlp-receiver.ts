import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Field, fieldsOf } from "./protobuf.ts";

/** A span as it came over the wire. Ids in hex, instants in nanoseconds since 1970. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it has none. */
  readonly parent: string;
  readonly name: string;
  /** 1 internal, 3 client. */
  readonly kind: number;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly string[];
  /** 0 unset, 2 error. */
  readonly status: number;
  readonly resource: Readonly<Record<string, string | number>>;
}

/** Takes traces as a collector does: `POST /v1/traces`, protobuf (opentelemetry-proto, `collector/trace/v1`). */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that came, as bytes. */
  raw(): Buffer;
  /** The headers of the last request. */
  headers(): { readonly [name: string]: unknown };
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  let headers = {};
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part)).on("end", () => {
      const body = Buffer.concat(parts);
      headers = request.headers;
      bodies.push(body);
      if (request.url !== "/v1/traces" || request.headers["content-type"] !== "application/x-protobuf") return response.writeHead(400).end();
      spans.push(...spansOf(body));
      // An empty ExportTraceServiceResponse: all of it was taken.
      return response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw: () => Buffer.concat(bodies),
    headers: () => headers,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** `ExportTraceServiceRequest.resource_spans` (1) → `resource` (1), `scope_spans` (2) → `spans` (2). */
function spansOf(body: Buffer): readonly ReceivedSpan[] {
  return all(fieldsOf(body), 1).flatMap((resourceSpans) => {
    const fields = fieldsOf(resourceSpans);
    const resource = attributesOf(all(fields, 1).flatMap(fieldsOf), 1);
    return all(fields, 2).flatMap((scopeSpans) => all(fieldsOf(scopeSpans), 2)).map((span) => spanOf(fieldsOf(span), resource));
  });
}

/** `Span` of `trace/v1/trace.proto`. */
function spanOf(fields: readonly Field[], resource: ReceivedSpan["resource"]): ReceivedSpan {
  const [hex, number] = [(at: number) => all(fields, at)[0]?.toString("hex") ?? "", (at: number) => fields.find((field) => field.number === at)?.integer ?? 0n];
  return {
    traceId: hex(1), spanId: hex(2), parent: hex(4), name: all(fields, 5)[0]?.toString("utf8") ?? "", kind: Number(number(6)), startedAt: number(7), endedAt: number(8), attributes: attributesOf(fields, 9),
    links: all(fields, 13).map((link) => all(fieldsOf(link), 1)[0]?.toString("hex") ?? ""), status: Number(all(fields, 15).flatMap(fieldsOf).find((field) => field.number === 3)?.integer ?? 0n), resource,
  };
}

/** `KeyValue`s: a key (1) and an `AnyValue` (2) of a text (1) or an integer (3). */
function attributesOf(fields: readonly Field[], at: number): Readonly<Record<string, string | number>> {
  return Object.fromEntries(all(fields, at).map((pair) => {
    const parts = fieldsOf(pair);
    const value = all(parts, 2).flatMap(fieldsOf)[0];
    return [all(parts, 1)[0]?.toString("utf8") ?? "", value?.number === 1 ? (value.bytes?.toString("utf8") ?? "") : Number(value?.integer ?? 0n)];
  }));
}

function all(fields: readonly Field[], number: number): readonly Buffer[] {
  return fields.flatMap((field) => (field.number === number && field.bytes !== null ? [field.bytes] : []));
}
