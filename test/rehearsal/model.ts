import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The scripted stand-in for a model server: it answers every agent with the next command of the scenario. */
const PROGRAM = fileURLToPath(new URL("../../../shared/rehearsal/model.mjs", import.meta.url));
export const modelIsThere = existsSync(PROGRAM);

/** What the model says after the last command. */
export const CLOSING = "Done. The data has been exported.";

/** Starts the model on a port of its own, until its process is ended. @returns its address */
export async function openModel(
  commands: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const scenario = join(directory, "scenario.txt");
  writeFileSync(scenario, `${commands.join("\n")}\n`);
  const child = spawn(process.execPath, [PROGRAM, scenario], { env, stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, "line")) as [string];
  lines.on("line", () => {});
  const { url } = JSON.parse(first) as { url: string };
  return url;
}
