import { writeSync } from "node:fs";

/** Writes all of `bytes` to a file, where it stands. @throws the system's error */
export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
