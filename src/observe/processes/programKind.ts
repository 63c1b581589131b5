import { closeSync, constants, openSync, readSync } from "node:fs";

/** `program`: the kernel can start it by itself. `other`: perhaps not. */
export function programKind(path: string): "program" | "other" {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const start = Buffer.alloc(4);
    readSync(fd, start, 0, 4, 0);
    return start.toString("latin1") === "\x7fELF" || start.subarray(0, 2).toString() === "#!"
      ? "program"
      : "other";
  } catch {
    // It may be run and not read: then it is no script.
    return "program";
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
