/** What serving deliveries costs. Times in ms, memory in bytes. */
export interface ServedCosts {
  readonly perSecond: number;
  /** The processors' time for one delivery. */
  readonly cpu: number;
  /** One delivery alone, until its run has ended. */
  readonly p50: number;
  readonly p99: number;
  readonly readyMs: number;
  /** Held while nothing happens. */
  readonly idle: number;
}
