import { describe, expect, inject, test } from "vitest";
import { Screen } from "../../src/terminal/screen.js";
import { AGENTS, type Agent } from "./agents.js";
import { Rehearsal } from "./rehearsal.js";
import { COLS, ROWS, tidy } from "./stage.js";

const missing = inject("missing");

const COMMANDS = [
  "echo first > first.txt && cat first.txt",
  "seq 1 30",
  "printf '\\033[1;31mred\\033[0m plain \\342\\234\\223 \\344\\270\\255\\n'",
  "ls -la",
  "ls /nowhere",
];

/** The screen without what differs from run to run. */
const masked = (agent: Agent, screen: string): string =>
  agent.chance.reduce((text, [what, instead]) => text.replace(what, instead), screen);

/** What an emulator shows of these bytes. */
function shown(bytes: Buffer): string {
  const screen = new Screen(COLS, ROWS);
  screen.write(bytes);
  return tidy(screen.text());
}

describe.each([AGENTS.codex, AGENTS.claude])("$name, full screen in tmux", (agent) => {
  test.skipIf(missing[agent.name])("the screen is the same with and without the camera", async () => {
    const alone = await Rehearsal.start({ agent, commands: COMMANDS, camera: "off" });
    const without = await alone.work();
    expect(await alone.leave()).toBe(0);
    await alone.close();

    const filmed = await Rehearsal.start({ agent, commands: COMMANDS, camera: "quiet" });
    const screen = await filmed.work();
    const soFar = await filmed.bodycam("cat");
    expect(masked(agent, screen)).toBe(masked(agent, without));
    expect(shown(soFar)).toBe(screen);

    expect(await filmed.leave()).toBe(0);
    const end = await filmed.stage.settled(10_000);
    const all = await filmed.bodycam("cat");
    expect(all.subarray(0, soFar.length).equals(soFar)).toBe(true);
    expect(shown(all)).toBe(end);
  });
});
