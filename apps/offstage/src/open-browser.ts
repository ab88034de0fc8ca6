import { spawn } from "node:child_process";

/** Opens a web page in the person's browser; false when there is no program for that. The URL is an argument, never a line of a shell. */
export function openBrowser(url: URL): Promise<boolean> {
  if (url.protocol !== "https:" && url.protocol !== "http:") return Promise.resolve(false);
  const [command, args] = process.platform === "darwin" ? ["open", [url.href]] as const : process.platform === "win32" ? ["rundll32", ["url.dll,FileProtocolHandler", url.href]] as const : ["xdg-open", [url.href]] as const;
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
