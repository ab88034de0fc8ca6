/** The proxies that people set for their programs, as undici takes them. Each is named: what is absent there would be read from the process itself. */
export function proxiesOf(env: { readonly [name: string]: string | undefined }): { readonly httpProxy: string; readonly httpsProxy: string; readonly noProxy: string } {
  const proxyOf = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? "";
  return { httpProxy: proxyOf("HTTP_PROXY"), httpsProxy: proxyOf("HTTPS_PROXY"), noProxy: proxyOf("NO_PROXY") };
}
