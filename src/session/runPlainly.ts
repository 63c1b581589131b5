import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Exit } from "../core/event.js";
import { passSignals } from "./signals.js";

/**
 * Runs a command on our own terminal, unrecorded: for a camera that was started inside another one. What a key sends
 * (Ctrl-C) the terminal has already sent to the command as well; only other signals are passed on.
 */
export function runPlainly(file: string, command: readonly string[]): Promise<Exit> {
  return new Promise((resolve, reject) => {
    const [name, ...args] = command;
    const child = spawn(file, args, { argv0: name, stdio: "inherit" });
    const stop = passSignals((signal) => {
      if (signal !== "SIGINT" && signal !== "SIGQUIT") child.kill(signal);
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      stop();
      resolve(
        signal === null
          ? { by: "exit", code: code ?? 0 }
          : { by: "signal", signal, number: constants.signals[signal] },
      );
    });
  });
}
