/** How one interpreter is called: what stands before its script. */
interface Interpreter {
  /** Words that may stand first and only say that a script comes. */
  readonly run: ReadonlySet<string>;
  /** Flags whose value is the next word. */
  readonly valued: ReadonlySet<string>;
  /** Flags after which no file is run, but a line of code or a module that is looked up. */
  readonly other: ReadonlySet<string>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const NODE: Interpreter = {
  run: words("watch"),
  valued: words("-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title --input-type --disable-warning --icu-data-dir --openssl-config --diagnostic-dir --redirect-warnings --report-filename --report-directory --report-dir --report-signal --localstorage-file --tls-keylog --tls-cipher-list --watch-path --watch-kill-signal --max-http-header-size --max-old-space-size --max-old-space-size-percentage --max-semi-space-size --stack-size --stack-trace-limit --unhandled-rejections --dns-result-order --disable-proto --secure-heap --secure-heap-min --snapshot-blob --heapsnapshot-signal --heapsnapshot-near-heap-limit --cpu-prof-dir --cpu-prof-name --cpu-prof-interval --heap-prof-dir --heap-prof-name --heap-prof-interval --inspect-port --debug-port --inspect-publish-uid --network-family-autoselection-attempt-timeout --trace-event-categories --trace-event-file-pattern --trace-require-module --use-largepages --v8-pool-size --allow-fs-read --allow-fs-write --experimental-default-type --experimental-package-map --tsconfig"),
  other: words("-e --eval -p --print -pe --run --test -h --help -v --version --build-snapshot-config --experimental-sea-config -i --interactive"),
};
const BUN: Interpreter = {
  run: words("run"),
  valued: words("-r --preload --require --import --env-file --cwd -c --config -d --define -l --loader --tsconfig-override --conditions --port --title --jsx-factory --jsx-fragment --jsx-import-source --jsx-runtime --install --drop -F --filter --extension-order --main-fields"),
  other: words("-e --eval -p --print"),
};
const DENO: Interpreter = {
  run: words("run serve"),
  valued: words("-c --config --import-map --lock --cert -L --log-level --location --seed --preload --require --import --ext --port --host --minimum-dependency-age"),
  other: words("eval task test repl"),
};
const PYTHON: Interpreter = { run: new Set(), valued: words("-W -X --check-hash-based-pycs"), other: words("-c -m") };

/**
 * The file that an interpreter runs: the first word that is no flag and no flag's value, `--` ends flags. Null where it runs none, and for
 * `interpreter` (a program's name: `node`, `tsx`, `bun`, `deno`, `python3`) that is none of those. Words after it are the script's own.
 */
export function scriptOf(interpreter: string, args: readonly string[]): string | null {
  const called = interpreterOf(interpreter);
  if (called === null) return null;
  let index = called.run.has(args[0] ?? "") ? 1 : 0;
  for (; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return args[index + 1] ?? null;
    if (arg === "-" || called.other.has(arg)) return null;
    if (called.valued.has(arg)) index++;
    else if (!arg.startsWith("-")) return arg;
  }
  return null;
}

function interpreterOf(name: string): Interpreter | null {
  if (name === "node" || name === "tsx") return NODE;
  if (name === "bun") return BUN;
  if (name === "deno") return DENO;
  return /^python[\d.]*$/.test(name) ? PYTHON : null;
}
