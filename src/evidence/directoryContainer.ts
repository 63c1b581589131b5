import { closeSync, constants, createReadStream, openSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { openForReading } from "../recording/openFile.js";
import type { Container } from "./container.js";
import type { EntryFault } from "./zip/entryFault.js";

/** A directory as a container. Links in it are not followed, but told as faults. @throws the system's error */
export function openDirectory(path: string): Container {
  const files = new Map<string, number>();
  const faults: EntryFault[] = [];
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const name = relative(path, full).split(sep).join("/");
    if (entry.isFile()) files.set(name, statSync(full).size);
    else if (entry.isSymbolicLink()) faults.push({ reason: "link", file: name });
    else if (!entry.isDirectory()) faults.push({ reason: "special", file: name });
  }
  const read = (name: string): AsyncIterable<Uint8Array> => {
    const fd = openSync(join(path, name), constants.O_RDONLY | constants.O_NOFOLLOW);
    return createReadStream("", { fd, highWaterMark: 512 * 1024 });
  };
  return {
    kind: "directory",
    files,
    faults,
    read,
    open: async (name) => {
      const file = openForReading(join(path, name));
      return { file, close: () => closeSync(file.fd) };
    },
    close: () => {},
  };
}
