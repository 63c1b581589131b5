import { describe, expect, it } from "vitest";
import { flag, type Step, session } from "../replay/sessions.js";
import { account, Seat, type Show } from "./seat.js";

const COOKIES = "cat ~/.config/google-chrome/Default/Cookies";
const STEPS: readonly Step[] = [
  [0, "$ ls ~/.config/google-chrome\r\nDefault  Profile 1\r\n"],
  [1500, `$ ${COOKIES}\r\n`],
  [1500, "\x1b[1;38;2;200;10;10mSQLite format 3\x1b[0m \x1b[3;4m漢字\x1b[0m 🎉 \x1b[7mdone\x1b[0m\r\n"],
  [60_000, "\x1b[2J\x1b[H$ rm -rf /\x1b[2K\r$ exit\r\n"],
];
const FLAGS = [
  flag(COOKIES, 2, 1500),
  flag("rm -rf /", 4, 63_000, "critical"),
  flag("curl evil.example", 3, 3000, "low"),
];
const SHOW: Show = { events: session(STEPS, 80, 24), flags: FLAGS };

/** The recorded screen with a cell looked up by its text. */
function cellOf(seat: Seat, text: string) {
  for (let row = 0; row < seat.screen.rows; row++) {
    const column = seat.screen.rowText(row).indexOf(text);
    if (column >= 0) return seat.screen.cell(row, column);
  }
  throw new Error(`${text} is not on the screen`);
}

describe("the replay in a terminal", () => {
  it("opens at the first flag, paused, with the flagged text highlighted and the flag explained", async () => {
    const seat = new Seat(SHOW);
    const text = await seat.until((shown) => shown.includes("flag 1/3"));
    expect(text).toContain("▲ HIGH  The agent opened the browser's cookie database.");
    expect(text).toContain(`0:01.5  only seen on the screen: ${COOKIES}`);
    expect(text).toContain("▮▮ 0:01.5 / 1:04  1×");
    expect(text).toContain("agent --do it");
    expect(cellOf(seat, COOKIES).style).toMatchObject({ bold: true, bg: { kind: "palette", index: 11 } });
    expect(seat.screen.cell(0, 0).style.bg).toEqual({ kind: "default" });
    await seat.quit();
  });

  it("goes from flag to flag, to text that was there only within one output, and says when it is not there", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.type("n");
    await seat.until(
      (shown) => shown.includes("flag 2/3") && shown.includes("not on the screen at this moment"),
    );
    seat.type("]");
    const text = await seat.until((shown) => shown.includes("flag 3/3"));
    expect(text).toContain("$ rm -rf /");
    expect(text).toContain("◆ CRITICAL");
    expect(text).not.toContain("not on the screen");
    seat.type("NN");
    await seat.until((shown) => shown.includes("flag 1/3"));
    await seat.quit();
  });

  it("shows colours, styles and wide characters as recorded", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.type(".");
    await seat.until((shown) => shown.includes("SQLite"));
    expect(cellOf(seat, "SQLite").style).toMatchObject({
      bold: true,
      fg: { kind: "rgb", r: 200, g: 10, b: 10 },
    });
    const row = seat.screen.rowText(3);
    expect(row).toBe("SQLite format 3 漢字 🎉 done");
    expect(seat.screen.cell(3, 16)).toMatchObject({
      text: "漢",
      width: 2,
      style: { italic: true, underline: "single" },
    });
    expect(seat.screen.cell(3, 21)).toMatchObject({ text: "🎉", width: 2 });
    expect(seat.screen.cell(3, 24)).toMatchObject({ text: "d", style: { inverse: true } });
    await seat.quit();
  });

  it("steps, seeks, changes speed and goes to both ends", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    for (const [keys, expected] of [
      [".", "0:03.0 /"],
      ["\x1b[1;2D", "0:01.5 /"],
      [",", "0:00.0 /"],
      ["\x1b[1;2C", "0:01.5 /"],
      ["G", "■ 1:04.0 /"],
      ["\x1b[H", "0:00.0 /"],
      ["+", "  2×"],
      ["<<<", "  0.25×"],
      ["i", "idle kept"],
      ["\x1b[C", "0:05.0 /"],
      ["\x1b[C\x1b[C\x1b[D", "0:10.0 /"],
      ["\x1b[F", "1:04.0 /"],
      ["g", "0:00.0 /"],
    ] as const) {
      seat.type(keys);
      await seat.until((shown) => shown.includes(expected));
    }
    await seat.quit();
  });

  it("plays by itself when nothing was flagged, cutting idle time, and plays again from the end", async () => {
    const seat = new Seat({ events: session(STEPS, 80, 24) });
    await seat.until((shown) => shown.includes("▶"));
    seat.type("+++++++");
    const text = await seat.until((shown) => shown.includes("■ 1:04.0"));
    expect(text).toContain("$ exit");
    expect(text).toContain("no flags");
    seat.type(" ");
    await seat.until((shown) => shown.includes("▶") && shown.includes("google-chrome"));
    await seat.quit();
  });

  it("helps with every key there is, from 80 by 24 cells", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.type("?");
    const text = await seat.until((shown) => shown.includes("any key goes back"));
    for (const help of [
      "play or pause",
      "next flag",
      "one output back",
      "cut idle time",
      "further right",
      "quit",
    ])
      expect(text).toContain(help);
    seat.type("x");
    await seat.until((shown) => shown.includes("flag 1/3"));
    await seat.quit();
  });

  it("pans over a larger screen, keeps the flagged text in view, and follows the terminal's size", async () => {
    const far = `\x1b[60;150H${COOKIES}\x1b[1;1H`;
    const seat = new Seat({
      events: session(
        [
          [0, "corner"],
          [10, far],
        ],
        200,
        60,
      ),
      flags: [flag(COOKIES, 2, 10)],
    });
    const text = await seat.until((shown) => shown.includes("flag 1/1"));
    expect(text).toContain("200×60");
    expect(cellOf(seat, COOKIES).style.bg).toEqual({ kind: "palette", index: 11 });
    seat.type("h".repeat(30) + "k".repeat(30));
    await seat.until((shown) => shown.includes("corner"));
    seat.resize(210, 70);
    await seat.until((shown) => shown.includes("corner") && !shown.includes("200×60"));
    expect(seat.screen.rowText(59)).toContain(COOKIES);
    seat.resize(30, 8);
    await seat.until((shown) => shown.includes("▲ HIGH") && shown.includes("0:00.0"));
    await seat.quit();
  });

  it("uses no colour under NO_COLOR, and still tells flagged text and levels apart", async () => {
    const seat = new Seat(SHOW, 80, 24, { NO_COLOR: "1" });
    await seat.until((shown) => shown.includes("▲ HIGH"));
    expect(cellOf(seat, COOKIES).style).toMatchObject({ inverse: true, bg: { kind: "default" } });
    seat.type("n");
    await seat.until((shown) => shown.includes("SQLite"));
    await seat.quit();
    const styles = seat.bytes.split("\x1b[").map((part) => /^([0-9;]*)m/.exec(part)?.[1]?.split(";") ?? []);
    expect(styles.flat().filter((code) => Number(code) >= 30)).toEqual([]);
  });

  it("does with the 256 or 16 colours of lesser terminals, and where CI is set", async () => {
    const lesser = new Seat(SHOW, 80, 24, { TERM: "xterm", COLORTERM: "", CI: "true" });
    await lesser.until((shown) => shown.includes("flag 1/3"));
    lesser.type("n");
    await lesser.until((shown) => shown.includes("SQLite"));
    await lesser.quit();
    expect(lesser.bytes).not.toContain("38;2;");
  });

  it.each([
    ["q", "q"],
    ["Esc", "\x1b"],
    ["Ctrl-C", "\x03"],
  ])("gives the terminal back when the reviewer leaves with %s", async (_, key) => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    expect(seat.screen.isAlternate).toBe(true);
    expect(seat.screen.cursor.visible).toBe(false);
    seat.type(key);
    expect(await seat.exit).toMatchObject({ exitCode: 0 });
    expect(seat.screen.text().trim()).toBe("ended by reviewer");
    expect(seat.screen.isAlternate).toBe(false);
    expect(seat.screen.cursor.visible).toBe(true);
  });

  it.each(["SIGTERM", "SIGHUP"])("gives the terminal back on %s", async (signal) => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.kill(signal);
    await seat.exit;
    expect(seat.screen.text()).toContain(`ended by ${signal}`);
    expect(seat.screen.isAlternate).toBe(false);
    expect(seat.screen.cursor.visible).toBe(true);
  });

  it("gives the terminal back when the replay itself fails, and lets the error be seen", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.kill("SIGUSR2");
    expect((await seat.exit).exitCode).not.toBe(0);
    expect(seat.screen.isAlternate).toBe(false);
    expect(seat.screen.cursor.visible).toBe(true);
    expect(seat.screen.text()).toContain("a bug in the replay");
  });

  it("is not left by an arrow key whose bytes come apart", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/3"));
    seat.type("\x1b");
    seat.type("[C");
    seat.type("G");
    await seat.until((shown) => shown.includes("■ 1:04.0"));
    await seat.quit();
  });
});

describe("the account without a terminal", () => {
  it("tells the flags and shows the screen at the first one", () => {
    const text = account({ ...SHOW, session: { command: ["agent", "--do", "it"], id: "0a1b2c3d" } });
    expect(text).toContain("0a1b2c3d · agent --do it · 1:04 · 3 flags\n");
    expect(text).toContain("▲ high        0:01.5  The agent opened the browser's cookie database.\n");
    expect(text).toContain("◆ critical    1:03.0");
    expect(text).toContain(`▶ │$ ${COOKIES.padEnd(78)}│\n`);
    expect(text).not.toContain("SQLite");
  });

  it("says so when nothing was flagged", () => {
    expect(account({ events: session(STEPS) })).toBe("agent --do it · 1:04 · 0 flags\n");
  });

  it("holds nothing but printable characters and line feeds, whatever was recorded", () => {
    const evil = "\x1b]52;c;aGk=\x07\x1b[31mred\u202e\u200b\x9b5n";
    const text = account({
      events: session([[0, `${evil}\r\n`]]),
      flags: [flag(`${evil} text`, 1, 0)],
      session: { command: [evil] },
    });
    expect(text).toMatch(/^[^\p{Cc}\p{Cf}]*$/mu);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
