import { writeSync } from "node:fs";

const SIGNALS = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const;

/**
 * Sees to it that the reviewer's terminal is given back however the process ends, short of SIGKILL: on an uncaught
 * error before Node writes about it, on an exit from anywhere, and on a signal, of which `onSignal` is told.
 * Returns how to stop watching.
 */
export function guardTerminal(
  stdin: NodeJS.ReadStream,
  fd: number,
  farewell: () => string,
  onSignal: (signal: NodeJS.Signals) => void,
): () => void {
  const restore = () => {
    try {
      writeSync(fd, farewell());
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing to give back.
    }
  };
  process.on("exit", restore);
  process.on("uncaughtExceptionMonitor", restore);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.off("exit", restore);
    process.off("uncaughtExceptionMonitor", restore);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
