import type { BundleFile } from "./bundle-file.ts";
import type { Deployment, ServerProgram } from "./deployment.ts";

/** Who runs in it; no user of any image has this number. */
export const USER = 10_001;
/** Where the project or package is, in the image and in the exported folder. */
export const APP = "/app";

/** The Dockerfile of a deployment, and what it leaves aside. The project or package is in `app/` beside it. */
export function dockerFiles(deployment: Deployment): readonly BundleFile[] {
  return [
    { path: "Dockerfile", content: `${[header(deployment), ...(deployment.language === "python" ? python(deployment) : node(deployment))].join("\n\n")}\n` },
    { path: ".dockerignore", content: "**/node_modules\n**/.offstage\n**/.venv\n**/__pycache__\n**/.env\n**/.git\n**/*.test.ts\n" },
  ];
}

function header({ name, image }: Deployment): string {
  return `# syntax=docker/dockerfile:1
# ${name}: docker build --tag ${image} .
# Two stages: what installs is not what runs. It runs as nobody in particular, and needs to write only ${APP}/.offstage and /tmp.`;
}

const NODE_IMAGE = "node:24-bookworm-slim";
const PYTHON_IMAGE = "python:3.13-slim-bookworm";
const UV_IMAGE = "ghcr.io/astral-sh/uv:0.9";

function node(deployment: Deployment): readonly string[] {
  const packages = fetchedBy(deployment.programs, "npm");
  return [
    `FROM ${NODE_IMAGE} AS build
WORKDIR ${APP}
# First what seldom changes. Offstage itself comes out of vendor/, all else from the public registry.
COPY app/package.json app/package-lock.json* ./
COPY app/vendor ./vendor
RUN npm install --omit=dev --no-audit --no-fund
COPY app ./`,
    `FROM ${NODE_IMAGE}
${system(deployment)}${packages.length === 0 ? "" : `
# What npx would download at each start: it takes what is installed. Pin the versions, and this image is what was tried.
RUN npm install --global --no-audit --no-fund ${packages.join(" ")} && npm cache clean --force`}${uv(deployment)}
ENV NODE_ENV=production
COPY --from=build ${APP} ${APP}
${last(deployment)}`,
  ];
}

function python(deployment: Deployment): readonly string[] {
  const packages = fetchedBy(deployment.programs, "npm");
  return [
    `FROM ${PYTHON_IMAGE} AS build
WORKDIR ${APP}
RUN python -m venv /venv
COPY app ./
# Offstage itself comes out of vendor/, all else from the public index.
RUN /venv/bin/pip install --no-cache-dir --requirement requirements.txt`,
    `${packages.length === 0 && !deployment.programs.some(isNode) ? "" : `FROM ${NODE_IMAGE} AS node
`}FROM ${PYTHON_IMAGE}
${system(deployment)}${packages.length === 0 && !deployment.programs.some(isNode) ? "" : `
# Servers that Node runs.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx${packages.length === 0 ? "" : ` && npm install --global --no-audit --no-fund ${packages.join(" ")}`}`}${uv(deployment)}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY --from=build ${APP} ${APP}
${last(deployment)}`,
  ];
}

/** Tini reaps what servers leave behind: whoever is process 1 has to. */
function system({ programs, needs }: Deployment): string {
  const others = [...new Set([...programs.filter((one) => !KNOWN.has(one.command)).map(({ command, server }) => `${command} (${server})`), ...needs.programs.map(({ argv }) => `${argv[0] ?? ""} (a secret)`)])];
  return `RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates tini && rm -rf /var/lib/apt/lists/*${others.length === 0 ? "" : `
# Install here what else is called: ${others.join(", ").replace(/[\r\n]+/g, " ")}.`}`;
}

const KNOWN: ReadonlySet<string> = new Set(["node", "npx", "npm", "uv", "uvx", "python", "python3"]);

function isNode({ command }: ServerProgram): boolean {
  return ["node", "npx", "npm"].includes(command);
}

function uv({ programs }: Deployment): string {
  if (!programs.some(({ command }) => command === "uvx" || command === "uv")) return "";
  const specs = fetchedBy(programs, "pypi");
  return `
# What uvx would download at each start.
COPY --from=${UV_IMAGE} /uv /uvx /usr/local/bin/
ENV UV_CACHE_DIR=/opt/uv/cache UV_PYTHON_INSTALL_DIR=/opt/uv/python UV_TOOL_DIR=/opt/uv/tools UV_TOOL_BIN_DIR=/usr/local/bin${specs.length === 0 ? "" : `
RUN ${specs.map((spec) => `uv tool install ${spec}`).join(" && ")}`}`;
}

function fetchedBy(programs: readonly ServerProgram[], by: "npm" | "pypi"): readonly string[] {
  return [...new Set(programs.flatMap(({ fetches }) => (fetches?.by === by ? [fetches.spec] : [])))].toSorted();
}

function last({ commands, port, store }: Deployment): string {
  return `# The store${store.kind === "file" ? "" : "'s folder: logs, and logins where some are kept"}. Mount a volume here, or ${store.kind === "file" ? "what was written is forgotten with the container" : "they are gone with the container"}.
RUN mkdir ${APP}/.offstage && chown ${USER}:${USER} ${APP}/.offstage
# Servers keep caches in their home.
ENV HOME=/tmp
USER ${USER}:${USER}
WORKDIR ${APP}
EXPOSE ${port}
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--"]
CMD ${JSON.stringify(commands.serve)}`;
}
