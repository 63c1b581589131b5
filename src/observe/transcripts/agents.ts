import { basename } from "node:path";
import type { Agent } from "./agent.js";
import { claude } from "./claude.js";
import { codex } from "./codex.js";
import { gemini } from "./gemini.js";
import { opencode } from "./opencode.js";

/** Every agent whose transcripts are understood. A new one is a file beside these, and a line here. */
export const AGENTS: readonly Agent[] = [codex, claude, gemini, opencode];

/** Programs that run the program named by a later word. */
const RUNNERS = new Set([
  "env",
  "npx",
  "bunx",
  "pnpx",
  "npm",
  "pnpm",
  "yarn",
  "bun",
  "node",
  "deno",
  "exec",
  "nohup",
  "time",
  "nice",
  "setsid",
  "stdbuf",
  "caffeinate",
  "sudo",
  "doas",
]);
/** Words that stand between a runner and what it runs. */
const RUNNER_WORDS = new Set(["exec", "dlx", "x", "run", "--", "-y", "--yes"]);

/**
 * The agent that a command runs, and the arguments that it gets: by the program's name, the package's name
 * (`npx @openai/codex@latest`) or the script's path (`node …/@anthropic-ai/claude-code/cli.js`).
 */
export function agentOf(
  command: readonly string[],
): { readonly agent: Agent; readonly args: readonly string[] } | undefined {
  for (const [at, word] of command.entries()) {
    const agent = AGENTS.find((one) => names(one, word));
    if (agent !== undefined) return { agent, args: command.slice(at + 1) };
    const passes =
      RUNNERS.has(basename(word)) || RUNNER_WORDS.has(word) || /^-/.test(word) || /^\w+=/.test(word);
    if (!passes) return undefined;
  }
  return undefined;
}

function names(agent: Agent, word: string): boolean {
  if (word.startsWith("-") || /^\w+=/.test(word)) return false;
  const program = basename(word).replace(/\.(js|mjs|cjs|exe)$/, "");
  if (agent.programs.includes(program)) return true;
  const isPath = word.startsWith("/") || word.startsWith(".");
  return agent.packages.some((name) =>
    isPath ? word.includes(`/node_modules/${name}/`) : word === name || word.startsWith(`${name}@`),
  );
}
