import { describe, expect, it } from "vitest";
import { flag, type Step, session } from "../replay/sessions.js";
import { Seat } from "./seat.js";

const STEPS: readonly Step[] = [
  [0, "$ ls ~/.config/google-chrome\r\nDefault  Profile 1\r\n"],
  [1500, "$ cat ~/.config/google-chrome/Default/Cookies\r\n"],
  [1500, "\x1b[31mSQLite format 3\x1b[0m\r\n"],
  [60_000, "\x1b[2J\x1b[H$ rm -rf /\x1b[2K\r$ exit\r\n"],
];
const FLAGS = [
  flag("cat ~/.config/google-chrome/Default/Cookies", 2, 1500),
  flag("rm -rf /", 4, 63_000, "critical"),
  flag("curl evil.example", 3, 3000, "low"),
];

describe("the replay in a terminal", () => {
  it("opens at the first flag, paused", async () => {
    const seat = new Seat({ events: session(STEPS, 80, 24), flags: FLAGS });
    const text = await seat.until((shown) => shown.includes("flag 1/3"));
    console.log(text);
    await seat.quit();
    console.log(JSON.stringify(seat.bytes).slice(0, 6000));
    expect(seat.screen.text()).toContain("ended by reviewer");
  });
});
