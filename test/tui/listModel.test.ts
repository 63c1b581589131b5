import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeText, safeWidth } from "../../src/terminal/safeText.js";
import type { Input } from "../../src/tui/input.js";
import { type ListChoice, ListController } from "../../src/tui/listController.js";
import { LIST_KEYS } from "../../src/tui/listKeys.js";
import { filtered, itemOf, type Order, ordered, type SessionEntry } from "../../src/tui/listModel.js";
import { listRows } from "../../src/tui/listView.js";
import { entry, idOf } from "./entries.js";

const NOW = Date.parse("2026-11-25T12:00:00") * 1000;

const order = (entries: readonly SessionEntry[], by: Order = "worst") =>
  ordered(entries.map(itemOf), by).map(({ entry: { session } }) => Number(session.id.slice(0, 8)));
const fitting = (entries: readonly SessionEntry[], query: string) =>
  filtered(entries.map(itemOf), query, NOW).map(({ entry: { session } }) => Number(session.id.slice(0, 8)));

describe("the order of the list", () => {
  it("is the worst first, among equals the one with more, then the newest", () => {
    const entries = [
      entry(1),
      entry(2, { flags: ["low", "low", "low"] }),
      entry(3, { flags: ["high"] }),
      entry(4, { flags: ["high", "high"] }),
      entry(5, { flags: ["low", "critical"] }),
      entry(6, { flags: ["high"] }),
    ];
    expect(order(entries)).toEqual([5, 4, 6, 3, 2, 1]);
    expect(order(entries, "newest")).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it("lets what somebody called benign sink", () => {
    const entries = [
      entry(1, { flags: ["critical"], verdict: "benign" }),
      entry(2, { flags: ["critical", "low"], flagVerdicts: { 0: "benign" } }),
      entry(3, { flags: ["medium"] }),
      entry(4, { flags: ["critical"], flagVerdicts: { 0: "true" } }),
    ];
    expect(order(entries)).toEqual([4, 3, 2, 1]);
  });
});

describe("the filter of the list", () => {
  const entries = [
    entry(1, {
      command: ["codex", "fix it"],
      cwd: "/home/ada/Shop",
      flags: ["critical"],
      title: "Cookie store read",
    }),
    entry(2, { command: ["/usr/bin/claude"], state: "recording", started: "2026-11-24T10:00:00" }),
    entry(3, {
      command: ["gemini"],
      cwd: "/srv/codex",
      started: "2026-10-03T10:00:00",
      flags: ["low"],
      flagVerdicts: { 0: "unsure" },
      note: "asked Kim",
    }),
  ];
  it.each([
    ["", [1, 2, 3]],
    ["  ", [1, 2, 3]],
    ["CODEX", [1, 3]],
    ["agent:codex", [1]],
    ["dir:codex", [3]],
    ["shop cookie", [1]],
    ["rule:store", [1]],
    ["t1539", [1, 3]],
    ["2026-11", [1, 2]],
    ["date:2026-10-03", [3]],
    ["today", [1]],
    ["date:yesterday", [2]],
    ["verdict:open", [1, 2]],
    ["verdict:unsure", [3]],
    ["kim", [3]],
    ["live", [2]],
    ["level:critical", [1]],
    ["id:00000002", [2]],
    ["codex nothing", []],
    ["agent:", [1, 2, 3]],
  ])("%j leaves %j", (query, expected) => {
    expect(fitting(entries, query)).toEqual(expected);
  });
});

const key = (name: string, text?: string): Input => ({ kind: "key", name, text });

function listOf(entries: readonly SessionEntry[], cols = 80, rows = 24) {
  const choices: ListChoice[] = [];
  const list = new ListController(
    { cols, rows },
    (choice) => choices.push(choice),
    () => NOW,
  );
  list.load(entries);
  const type = (text: string) => {
    for (const one of text) list.input(key(one, one));
  };
  const press = (...names: readonly string[]) => {
    for (const name of names) list.input(key(name));
  };
  const text = () => listRows(list.state()).map((row) => row.map((piece) => piece.text).join(""));
  return { list, choices, type, press, text };
}

describe("the list", () => {
  const MANY = Array.from({ length: 40 }, (_, n) => entry(n, { command: [`agent${n}`] }));

  it("fills the terminal exactly, whatever was recorded and whatever its size", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.integer({ min: 2, max: 120 }),
        fc.integer({ min: 4, max: 40 }),
        (a, b, c, cols, rows) => {
          const hostile = entry(1, {
            command: [a, b],
            cwd: c,
            flags: ["high"],
            title: b,
            verdict: "unsure",
            note: a,
          });
          const { list, type } = listOf([hostile, entry(2)], cols, rows);
          for (const query of ["", a]) {
            type(query);
            const lines = listRows(list.state());
            expect(lines).toHaveLength(rows);
            for (const line of lines) {
              const whole = line.map((piece) => piece.text).join("");
              expect(safeText(whole)).toBe(whole);
              expect(safeWidth(whole)).toBeLessThanOrEqual(cols);
            }
          }
        },
      ),
    );
  });

  it("keeps the selected session selected and in sight while others come, and while it is filtered", () => {
    const { list, press, text, type } = listOf(MANY);
    press("end");
    expect(text().join("\n")).toMatch(/▸ .*agent0 /);
    press("up", "up");
    list.load([...MANY, entry(50, { command: ["newest"], flags: ["critical"] })]);
    expect(text().join("\n")).toMatch(/▸ .*agent2 /);
    list.resize(80, 10);
    expect(text().join("\n")).toMatch(/▸ .*agent2 /);
    type("agent1");
    expect(text().join("\n")).toMatch(/11 of 41 sessions/);
    expect(text().join("\n")).toMatch(/▸ .*agent19/);
    press("escape");
    expect(text().join("\n")).toMatch(/▸ .*agent19/);
  });

  it("opens what is selected, and is left by q, Esc and Ctrl-C, but not while a filter is typed", () => {
    const { choices, press, type } = listOf(MANY);
    press("down", "enter");
    expect(choices).toEqual([{ by: "open", id: idOf(38) }]);
    type("q");
    type("/q?");
    press("escape", "escape", "ctrl+c");
    expect(choices.slice(1)).toEqual(Array(3).fill({ by: "leave" }));
  });

  it("selects with a click and opens with another; the wheel moves", () => {
    const { choices, list } = listOf(MANY);
    const mouse = (action: "press" | "wheel-down", row: number): void =>
      list.input({ kind: "mouse", action, row, column: 5, held: false });
    mouse("press", 4);
    mouse("press", 4);
    mouse("wheel-down", 0);
    mouse("press", 0);
    mouse("press", 5);
    expect(choices).toEqual([idOf(37), idOf(36)].map((id) => ({ by: "open", id })));
  });

  it("helps with every key of its table", () => {
    const { text, type } = listOf(MANY);
    type("?");
    for (const { help } of LIST_KEYS) expect(text().join("\n")).toContain(help.slice(0, 60));
    type("x");
    expect(text().join("\n")).toContain("40 sessions");
  });

  it("says what to do where there is nothing to show", () => {
    const { text } = listOf([]);
    expect(text().join("\n")).toContain("Nothing has been recorded yet");
    const other = listOf(MANY);
    other.type("nothing of this");
    expect(other.text().join("\n")).toContain('No session fits "nothing of this"');
  });

  it("never fails, whatever is pressed", () => {
    const names = [...LIST_KEYS.flatMap(({ keys }) => keys), "x", "up", "down"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names)), fc.nat(5), (pressed, count) => {
        const { list } = listOf(MANY.slice(0, count));
        for (const name of pressed) list.input(key(name, name.length === 1 ? name : undefined));
        const { selected, shown, top } = list.state();
        expect(selected).toBeGreaterThanOrEqual(0);
        expect(selected).toBeLessThan(Math.max(1, shown.length));
        expect(top).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
