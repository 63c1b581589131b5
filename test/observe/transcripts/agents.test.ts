import { describe, expect, it } from "vitest";
import { agentOf } from "../../../src/observe/transcripts/agents.js";

const name = (command: string): string | undefined => agentOf(command.split(" "))?.agent.name;

describe("the agent of a command", () => {
  it.each([
    ["codex exec task", "codex"],
    ["/usr/local/bin/claude -p task", "claude"],
    ["npx @openai/codex", "codex"],
    ["npx -y @google/gemini-cli@latest -p hi", "gemini"],
    ["env A=b opencode run x", "opencode"],
    ["node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude"],
    ["node --no-warnings ./node_modules/@openai/codex/bin/codex.js", "codex"],
    ["npm exec -- @openai/codex", "codex"],
    ["pnpm dlx opencode-ai", "opencode"],
  ])("%s", (command, agent) => expect(name(command)).toBe(agent));

  it.each([
    "bash",
    "git commit -m codex",
    "vim claude",
    "cat /home/ada/codex",
    "npx eslint codex",
    "CODEX=codex",
  ])("none: %s", (command) => expect(name(command)).toBeUndefined());

  it("gets the arguments that come after it", () => {
    expect(agentOf(["npx", "-y", "@openai/codex", "resume", "--last"])?.args).toEqual(["resume", "--last"]);
  });
});
