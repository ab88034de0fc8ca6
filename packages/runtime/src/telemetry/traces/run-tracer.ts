import type { CallOptions, Offer, OfferReply, RawReply, Session } from "../../calls/index.ts";
import type { Data } from "../../base/index.ts";
import type { Executor } from "../../host/index.ts";
import type { Observe } from "../observed.ts";

/** Traces of runs: a run is one trace, its calls to servers are spans in it, and servers are told which. */
export interface RunTracer {
  /** Executes as `inner` does, under a span of the run's trace. */
  execute(inner: Executor): Executor;
  /** Hears how runs end: then the span of the whole run is sent. */
  readonly observe: Observe;
  /** Sessions whose requests are spans of the run that makes them. */
  sessions(sessions: (server: string) => Promise<TraceableSession>, about: (server: string) => ServerAddress): (server: string) => Promise<Session>;
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>;
}

/** A session that hands the trace over with a request; `mcp`'s fit it by shape. */
export interface TraceableSession {
  call(tool: string, args: Data, options: CallOptions & Traced): Promise<RawReply>;
  offer(offer: Offer, options: CallOptions & Traced): Promise<OfferReply>;
}

interface Traced {
  readonly traceParent?: string;
}

/** Where a server is, by OpenTelemetry's names. */
export interface ServerAddress {
  readonly transport: "pipe" | "tcp";
  /** Of HTTP only. */
  readonly host?: string;
  readonly port?: number;
}

/** How runs are traced. Where they are sent to, the exporter reads from the standard variables itself. */
export interface TracerOptions {
  readonly resource: { readonly name: string; readonly version: string; readonly attributes: { readonly [name: string]: string } };
  /** The share of traces that is kept, 0 to 1, by their ids: every process decides alike. */
  readonly ratio: number;
  /** How long one sending of spans may take, its repetitions included, ms; null: what the exporter's own variables say. */
  readonly timeoutMs: number | null;
  /** Told when traces could not be sent, at most every few minutes. */
  readonly onTrouble: (message: string) => void;
}
