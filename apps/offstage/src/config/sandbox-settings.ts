import { isHostPattern } from "offstage/base";
import { z } from "zod";

/** `sandbox:` of a server in `offstage.yaml`. Paths are as they stand there. */
export interface SandboxSettings {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly hosts: readonly string[];
}

const path = z.string().min(1);

/** The key of `servers.<name>` that is about its sandbox. */
export const sandboxFields = {
  sandbox: z.union(
    [z.boolean(), z.strictObject({ write: z.array(path), read: z.array(path), hosts: z.array(z.string().refine(isHostPattern, { error: 'this is no host; write "api.example.com", "*.example.com" or "api.example.com:443".' })) }).partial()],
    { error: 'write true, or { write: [data], read: ["~/x"], hosts: [api.example.com] }.' },
  ),
};

/** Null without a sandbox. */
export function sandboxSettings({ sandbox = false }: { readonly sandbox?: z.infer<(typeof sandboxFields)["sandbox"]> | undefined }): SandboxSettings | null {
  if (sandbox === false) return null;
  const { write = [], read = [], hosts = [] } = sandbox === true ? {} : sandbox;
  return { write, read, hosts };
}
