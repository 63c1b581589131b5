import { execFile, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A named pipe in a private directory, with our own two ends open. Descriptors are the process's, not one thread's. */
export interface StracePipe {
  readonly directory: string;
  readonly path: string;
  readonly reader: number;
  /** Our own writing end, so that the pipe has no end before strace has come. */
  readonly holder: number;
}

/** Rejects where no named pipe can be made. */
export async function makeStracePipe(): Promise<StracePipe> {
  const directory = mkdtempSync(join(tmpdir(), "bodycam-"));
  const path = join(directory, "trace");
  try {
    await run("mkfifo", ["-m", "600", path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const holder = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return { directory, path, reader, holder };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Another descriptor for reading from the same pipe. */
export const secondReader = (pipe: StracePipe): number =>
  openSync(pipe.path, constants.O_RDONLY | constants.O_NONBLOCK);

/**
 * Leaves a pipe to a process that reads and forgets, because strace goes on for processes that outlive the session (or
 * the observer). They may not lose their tracer (the kernel would end them), and a pipe that nobody reads would end it.
 */
export function drain(reader: number): void {
  const own = `/proc/self/fd/${reader}`;
  try {
    // Opening a named pipe to read waits for a writer, for good when strace has just ended: so we are one meanwhile.
    const writer = openSync(own, constants.O_WRONLY | constants.O_NONBLOCK);
    const again = openSync(own, constants.O_RDONLY);
    closeSync(writer);
    spawn("cat", [], { stdio: [again, "ignore", "ignore"], detached: true, env: {}, cwd: "/" })
      .on("error", () => {})
      .unref();
    closeSync(again);
  } catch {
    // The pipe has ended meanwhile.
  }
}
