import { awkward, type Canary, createCanary, plain } from "./canary.ts";

/** What a secret adds to a project. */
export interface Planting {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Merged into `mcpServers` of `mcp.json`. */
  readonly servers?: object;
  /** Merged into `offstage.yaml`. */
  readonly settings?: object;
}

/** One place where a secret stands in a project: a line of the table below. */
interface Source {
  readonly name: string;
  /** The server that it is meant for; null: none. */
  readonly server: string | null;
  /** What its kind of place takes; with awkward characters where nothing is said. */
  readonly shape?: (core: string) => string;
  readonly plant: (secret: string) => Planting;
}

const env = (name: string, secret: string, as = `\${env:${name}}`): Planting => ({ env: { [name]: secret }, servers: { own: { env: { [name]: as } } } });
const header = (name: string, secret: string, before = ""): Planting => ({ files: { [name]: secret }, servers: { remote: { headers: { [name]: `${before}\${file:${name}}` } } } });
const hook = (name: string, secret: string, verify: object): Planting => ({ files: { [`hook-${name}`]: secret }, settings: { webhooks: { [name]: { ...verify, secret: `\${file:hook-${name}}` } } } });
const inUrl = encodeURIComponent;

/** Every place where a project holds a secret. A new kind of place is a line here. */
export const SOURCES: readonly Source[] = [
  { name: "a variable, by its name", server: "own", plant: (secret) => env("OWN_TOKEN", secret) },
  { name: "a variable, listed", server: "own", plant: (secret) => ({ ...env("LISTED", secret), settings: { secrets: ["LISTED"] } }) },
  { name: "a variable under another name", server: "own", plant: (secret) => ({ env: { PLAIN_LOOKING: secret }, servers: { own: { env: { API_KEY: "${PLAIN_LOOKING}" } } } }) },
  { name: "secret:", server: "own", plant: (secret) => env("UNTOLD", secret, "${secret:UNTOLD}") },
  { name: "a credential of systemd", server: "own", plant: (secret) => ({ files: { "credentials/shop": secret }, servers: { own: { env: { SHOP: "${secret:shop}" } } } }) },
  { name: "file:", server: "own", plant: (secret) => ({ files: { filed: secret }, servers: { own: { env: { FILED: "${file:filed}" } } } }) },
  { name: "a file of several lines", server: "own", shape: (core) => `-----BEGIN KEY-----\n0123456789abcdef${core}\nfedcba9876543210\n-----END KEY-----\n`, plant: (secret) => ({ files: { pem: secret }, servers: { own: { env: { PEM: "${file:pem}" } } } }) },
  { name: "exec:", server: "own", plant: (secret) => ({ files: { vault: secret }, servers: { own: { env: { FROM_VAULT: "${exec:sh -c 'cat vault && touch vault-ran'}" } } } }) },
  { name: "input:", server: "own", plant: (secret) => ({ files: { input: secret }, servers: { own: { env: { ASKED: "${input:asked}" } } }, settings: { inputs: { asked: "${file:input}" } } }) },
  { name: "envFile", server: "own", shape: plain, plant: (secret) => ({ files: { "own.env": `FROM_FILE_TOKEN=${secret}\n` }, servers: { own: { envFile: "own.env" } } }) },
  { name: "an argument", server: "own", shape: plain, plant: (secret) => ({ files: { argument: secret }, servers: { own: { args: ["--api-key", "${file:argument}"] } } }) },
  { name: "an argument written out", server: "own", shape: plain, plant: (secret) => ({ servers: { own: { args: [`--client-secret=${secret}`] } } }) },
  { name: "a password inside a URL", server: "own", plant: (secret) => ({ servers: { own: { env: { DATABASE: `postgres://ada:${inUrl(secret)}@db.example/app` } } } }) },
  { name: "a header", server: "remote", plant: (secret) => header("X-Api-Key", secret) },
  { name: "an Authorization header", server: "remote", shape: plain, plant: (secret) => header("Authorization", secret, "Bearer ") },
  { name: "a URL's query", server: "remote", plant: (secret) => ({ env: { REMOTE_KEY: inUrl(secret) }, servers: { remote: { query: "key=${env:REMOTE_KEY}" } } }) },
  { name: "the key of a model", server: "model", shape: plain, plant: (secret) => ({ files: { "model-key": secret }, settings: { model: { providers: { local: { key: "${file:model-key}" } } } } }) },
  { name: "the key of kept logins", server: null, plant: (secret) => ({ files: { "tokens-key": secret }, settings: { tokens: { key: "${file:tokens-key}" } } }) },
  { name: "the key of approval links", server: null, plant: (secret) => ({ files: { "link-key": secret }, settings: { approvals: { links: { key: "${file:link-key}" } } } }) },
  { name: "GitHub's webhook", server: null, plant: (secret) => hook("github", secret, { verify: "github" }) },
  { name: "Stripe's webhook", server: null, plant: (secret) => hook("stripe", secret, { verify: "stripe" }) },
  { name: "Slack's webhook", server: null, plant: (secret) => hook("slack", secret, { verify: "slack" }) },
  { name: "a standard webhook", server: null, shape: (core) => `whsec_${core}`, plant: (secret) => hook("standard", secret, { verify: "standard" }) },
  { name: "a webhook by HMAC", server: null, plant: (secret) => hook("shop", secret, { verify: "hmac", header: "x-shop-signature" }) },
  { name: "a webhook by bearer", server: null, shape: plain, plant: (secret) => hook("ci", secret, { verify: "bearer" }) },
  { name: "the password of Redis", server: null, plant: (secret) => ({ env: { REDIS_PASSWORD: inUrl(secret) } }) },
  { name: "the credentials of NATS", server: null, plant: (secret) => ({ files: { "nats.creds": secret }, settings: { queues: { events: { kind: "nats", url: "tls://127.0.0.1:1", credentials: "${file:nats.creds}" } } } }) },
  { name: "the key of SQS", server: null, plant: (secret) => ({ files: { "aws-key": secret }, settings: { queues: { mails: { kind: "sqs", url: "http://127.0.0.1:1/1/mails", region: "eu-west-1", accessKeyId: "AKIA", secretAccessKey: "${file:aws-key}" } } } }) },
  { name: "the key of Pub/Sub", server: null, plant: (secret) => ({ files: { "pubsub.json": JSON.stringify({ type: "service_account", client_email: "ada@acme.example", private_key: secret }) }, settings: { queues: { scans: { kind: "pubsub", project: "acme", url: "http://127.0.0.1:1", credentials: "${file:pubsub.json}" } } } }) },
  { name: "the token of the metrics", server: null, shape: plain, plant: (secret) => ({ files: { "metrics-token": secret }, settings: { serve: { metrics: { token: "${file:metrics-token}" } } } }) },
  ...["viewer", "approver", "operator"].map((role): Source => ({ name: `the API token of a ${role}`, server: null, shape: plain, plant: (secret) => ({ files: { [`api-${role}`]: secret }, settings: { serve: { api: { tokens: [{ name: role, role, token: `\${file:api-${role}}` }] } } } }) })),
  { name: "a header of OTLP", server: null, shape: plain, plant: (secret) => ({ env: { OTEL_EXPORTER_OTLP_HEADERS: `x-otlp-key=${secret}` } }) },
  { name: "the password of PostgreSQL", server: null, plant: (secret) => ({ env: { PG_PASSWORD: inUrl(secret) } }) },
];

/** A canary for each source. */
export function plantAll(): readonly { readonly canary: Canary; readonly planting: Planting }[] {
  return SOURCES.map(({ name, server, shape = awkward, plant }) => {
    const canary = createCanary(name, server, shape);
    return { canary, planting: plant(canary.value) };
  });
}
