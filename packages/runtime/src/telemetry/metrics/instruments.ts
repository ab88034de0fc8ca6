import prometheus from "prom-client";

const { Counter, Gauge, Histogram } = prometheus;

/** Seconds. From a call that is answered at once to a job of hours. */
const RUN_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 14_400];
const DELAY_BUCKETS = [0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200];
/** Those that OpenTelemetry's conventions give for `mcp.client.operation.duration`. */
const CALL_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const STORE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Everything that is counted, by names as Prometheus has them, with their units. Values of labels are names of the project and closed lists: nothing that an event, an argument or an answer brings. */
export function createInstruments(registry: prometheus.Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) => new Counter<L>({ name, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) => new Gauge<L>({ name, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) => new Histogram<L>({ name, help, labelNames: [...labelNames], buckets, registers });
  return {
    buildInfo: gauge("offstage_build_info", "1, with the version of Offstage and of Node.", ["version", "node_version"]),
    leaseHeld: gauge("offstage_lease_held", "1 while this process drives the runs of the store, 0 while another one does.", []),
    reloadFine: gauge("offstage_last_reload_successful", "1 when the project's files as they were last seen are what is served, 0 when they could not be taken and what they held before goes on.", []),
    reloadTime: gauge("offstage_last_reload_success_timestamp_seconds", "When an edit was taken last, in seconds since 1970; 0 before the first.", []),

    runsStarted: counter("offstage_runs_started_total", "Runs that this process began, by workflow and by what started them.", ["workflow", "cause"]),
    runsResumed: counter("offstage_runs_resumed_total", "Runs that this process went on with, after they were parked or interrupted.", ["workflow"]),
    runsParked: counter("offstage_runs_parked_total", "How often runs began to wait for an instant, a person or an event.", ["workflow"]),
    runsEnded: counter("offstage_runs_ended_total", "Runs that came to their end in this process, by how they ended.", ["workflow", "status"]),
    runDuration: histogram("offstage_run_duration_seconds", "How long ended runs were driven; the time that they were parked is left out.", ["workflow", "status"], RUN_BUCKETS),
    startDelay: histogram("offstage_run_start_delay_seconds", "From the moment at which a run was due or asked for until it began.", ["workflow"], DELAY_BUCKETS),
    runs: gauge("offstage_runs", "Runs in the store that are not at their end: queued, running, parked.", ["workflow", "status"]),

    arrivals: counter("offstage_arrivals_total", "Events for workflows: taken into the store, started a run, or dropped.", ["workflow", "trigger", "outcome"]),
    arrivalsWaiting: gauge("offstage_arrivals_waiting", "Events in the store that wait to start a run.", ["workflow"]),
    oldestArrival: gauge("offstage_arrivals_oldest_due_timestamp_seconds", "When the first of the waiting events was due, in seconds since 1970.", ["workflow"]),
    deliveries: counter("offstage_webhook_deliveries_total", "Deliveries of webhooks, by the HTTP status that they were answered with.", ["source", "code"]),
    queueConnected: gauge("offstage_queue_connected", "1 while the messages of the queue can be taken, by the process that leads.", ["queue"]),

    writes: counter("offstage_writes_total", "Writes that runs came to: made, replayed (made before), held, refused, failed, ambiguous.", ["server", "tool", "outcome"]),
    approvalsOpen: gauge("offstage_approvals_open", "What waits for a person: writes for a permission, questions of workflows for an answer.", ["kind"]),

    calls: histogram("mcp_client_operation_duration_seconds", "Requests to MCP servers, from the moment the server was there until its answer.", ["server", "mcp_method_name", "gen_ai_tool_name", "error_type"], CALL_BUCKETS),
    sessionsFailed: counter("offstage_server_sessions_failed_total", "Calls for which their server could not be had, by why.", ["server", "error_type"]),
    circuit: gauge("offstage_server_circuit_state", "1 for the state of the server: closed (called), open (left alone after failures), trial (one call tries it).", ["server", "state"]),

    storeTime: histogram("offstage_store_transaction_duration_seconds", "Transactions of the store, their wait for others included.", ["mode"], STORE_BUCKETS),
    storeErrors: counter("offstage_store_errors_total", "Transactions that the store failed.", ["error_type"]),
    problems: counter("offstage_problems_total", "What somebody should look at: runs that cannot be driven here, triggers that failed, tools that changed, messages that were put aside or could not be.", ["kind"]),
  };
}

/** See {@link createInstruments}. */
export type Instruments = ReturnType<typeof createInstruments>;
