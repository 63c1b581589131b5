import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { native } from "../pty/native.js";
import type { StreamKind } from "../pty/userTerminal.js";

/** How long a pipe may take until its first byte and still count as input that somebody pipes in. */
const FIRST_BYTE_MS = 25;

/**
 * Whether standard input brings data of its own (`git diff | bodycam run -- claude -p …`). Then the agent gets a pipe
 * as well, as it would without a camera; a pipe or file that is empty is replaced by the session's terminal.
 */
export const bringsData = (input: StreamKind): boolean =>
  (input === "pipe" || input === "file") && native.waiting(0, FIRST_BYTE_MS) > 0;

/** Standard input passed on through a named pipe: the agent sees a pipe, and the camera every byte of it. */
export class StdinPipe {
  readonly path: string;
  readonly #dir: string;

  constructor() {
    this.#dir = mkdtempSync(join(tmpdir(), "bodycam-"));
    this.path = join(this.#dir, "stdin");
    native.makePipe(this.path);
  }

  /** Passes everything on until either side ends. `seen` is given each piece once the agent has it. */
  async pump(seen: (bytes: Uint8Array) => void): Promise<void> {
    const pipe = await open(this.path, "w");
    rmSync(this.#dir, { recursive: true, force: true });
    try {
      for await (const bytes of process.stdin as AsyncIterable<Uint8Array>) {
        await pipe.writeFile(bytes);
        seen(bytes);
      }
    } catch {
      // The agent does not want more: as with any pipe, the rest is left unread.
    } finally {
      await pipe.close().catch(() => {});
    }
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
