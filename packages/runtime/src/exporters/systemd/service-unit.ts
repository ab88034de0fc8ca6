import type { JsonObject } from "../../base/index.ts";
import type { Deployment } from "../../bundle/index.ts";

/** Where it lies on the machine. */
export function placesOf({ name }: Pick<Deployment, "name">): { readonly app: string; readonly settings: string; readonly state: string; readonly python: string } {
  return { app: `/opt/${name}/app`, settings: `/etc/${name}`, state: `/var/lib/${name}`, python: `/opt/${name}/bin/python` };
}

/** `leak-tickets.service`: the long-running process, as a user that exists while it runs. */
export function serviceUnit(deployment: Deployment): string {
  const { graceSeconds, commands } = deployment;
  return unit(deployment, { about: "", type: "exec", command: commands.serve, more: `ExecReload=/bin/kill -HUP $MAINPID
# A signal that somebody sends by mistake is a failure too.
Restart=always
RestartSec=5
# It is asked to stop alone, so that its servers can answer what is under way: it ends what goes on in 25 s.
KillMode=mixed
TimeoutStopSec=${graceSeconds}`, installs: true });
}

/** A single run, which a timer starts. A service that goes on is not started a second time. */
export function runUnit(deployment: Deployment, sweep: boolean): string {
  return unit(deployment, { about: sweep ? ", a sweep" : ", one run", type: "oneshot", command: sweep ? deployment.commands.sweep : deployment.commands.run, more: `# A run that waits for a person is no failure.
SuccessExitStatus=4
KillMode=mixed
TimeoutStopSec=${deployment.graceSeconds}`, installs: false });
}

interface UnitKind {
  readonly about: string;
  readonly type: "exec" | "oneshot";
  readonly command: readonly string[];
  readonly more: string;
  readonly installs: boolean;
}

function unit(deployment: Deployment, { about, type, command, more, installs }: UnitKind): string {
  const { name, needs, language } = deployment;
  const { app, settings, state, python } = placesOf(deployment);
  const [program = "", ...args] = command;
  const start = language === "python" ? python : program.includes("/") ? `${app}/${program}` : `/usr/bin/env ${program}`;
  const secrets = needs.variables.some(({ secret }) => secret);
  return `[Unit]
Description=${specifier(`${name}${about}${deployment.description === "" ? "" : `: ${deployment.description}`}`)}
Wants=network-online.target
After=network-online.target

[Service]
Type=${type}
WorkingDirectory=${app}
ExecStart=${[start, ...args].map(specifier).join(" ")}
${more}
Environment=NODE_ENV=production HOME=${state} PATH=/opt/${name}/bin:/usr/local/bin:/usr/bin:/bin
EnvironmentFile=${settings}/environment.env
${secrets ? `# Readable by root alone, who starts this.\nEnvironmentFile=${settings}/secrets.env\n` : ""}${needs.secrets.map(({ name: secret }) => `LoadCredential=${secret}:${settings}/credentials/${secret}\n`).join("")}
# A user that exists only while this runs. The store is kept between starts: ${app}/.offstage leads there.
DynamicUser=yes
StateDirectory=${name}
StateDirectoryMode=0700

${hardening(deployment)}
${installs ? "\n[Install]\nWantedBy=multi-user.target\n" : ""}`;
}

/** A % begins a specifier. */
function specifier(text: string): string {
  return text.replaceAll("%", "%%").replaceAll("\n", " ");
}

/** What it needs nothing of. Not MemoryDenyWriteExecute: Node compiles while it runs, which what Python starts may be. Not ProcSubset: the lease asks the kernel which boot this is. */
function hardening({ settings }: Deployment): string {
  const sandboxed = Object.values((settings["servers"] ?? {}) as JsonObject).some((server) => (server as JsonObject)["sandbox"] !== undefined);
  return `ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
# Not MemoryDenyWriteExecute, which the servers that it starts would have too: Node compiles while it runs.
${sandboxed ? "# Not RestrictNamespaces: servers have sandboxes of their own." : "RestrictNamespaces=yes"}
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service${sandboxed ? " @mount" : ""}
SystemCallFilter=~@privileged${sandboxed ? "" : " @resources"}
SystemCallErrorNumber=EPERM
KeyringMode=private
RemoveIPC=yes
UMask=0077`;
}
