import type { BigIntStats } from "node:fs";

/** Another text whenever a file was written anew, or another one was put in its place: what the disk says of it, without a look into it. */
export function fileStamp({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}
