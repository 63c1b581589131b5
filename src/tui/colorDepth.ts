import type { ColorDepth } from "./sgr.js";

/** How many colours a terminal shows; none where NO_COLOR is set (https://no-color.org). */
export function colorDepth(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): ColorDepth {
  if ((env.NO_COLOR ?? "") !== "") return "none";
  const bits = stdout.getColorDepth(env);
  return bits >= 24 ? "full" : bits >= 8 ? "256" : bits >= 4 ? "16" : "none";
}
