import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { BodycamError } from "../core/errors.js";

const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * The file that a command name stands for, as execvp(3) would find it.
 * Throws `command-not-found` (exit status 127) or `command-not-runnable` (126).
 */
export function findCommand(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  const candidates = name.includes("/")
    ? [resolve(cwd, name)]
    : (env.PATH ?? DEFAULT_PATH).split(delimiter).map((dir) => resolve(cwd, dir || ".", name));
  let refused = false;
  for (const file of candidates) {
    switch (runnable(file)) {
      case "yes":
        return file;
      case "no":
        refused = true;
        break;
      case "missing":
        break;
    }
  }
  if (refused) {
    throw new BodycamError("command-not-runnable", `"${name}" is there but can't be run.`, {
      hint: "Check that it is a program and that you may execute it (chmod +x).",
    });
  }
  throw new BodycamError("command-not-found", `There is no command "${name}".`, {
    hint: "Check the spelling, or give its full path.",
  });
}

function runnable(file: string): "yes" | "no" | "missing" {
  try {
    if (!statSync(file).isFile()) return "no";
    accessSync(file, constants.X_OK);
    return "yes";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "no" : "missing";
  }
}
