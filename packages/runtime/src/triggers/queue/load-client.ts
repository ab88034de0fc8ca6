import { OffstageError } from "../../base/index.ts";

/** Loads what needs the client of a broker, of the major version that fits. Errors: `QUEUE_CLIENT_MISSING` when that is not installed. */
export async function loadClient<T>(client: string, version: number, module: () => Promise<T>): Promise<T> {
  try {
    return await module();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(`'${client}'`)) throw error;
    throw new OffstageError("QUEUE_CLIENT_MISSING", `The client of this queue's broker, ${client}, is not installed.`, { hint: `Install it where Offstage is: npm install ${client}@${version}`, cause: error });
  }
}
