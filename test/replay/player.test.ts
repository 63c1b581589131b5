import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Micros, micros } from "../../src/core/units.js";
import { arraySource } from "../../src/replay/eventSource.js";
import { IDLE_MICROS, PlayTime } from "../../src/replay/idle.js";
import { Player } from "../../src/replay/player.js";
import { layOut } from "../../src/replay/timeline.js";
import { flag, type Step, session } from "./sessions.js";

const ms = (n: number): Micros => micros(n * 1000);

/** A player over a session, with a clock that stands still until it is moved. */
function playerOf(steps: readonly Step[], flags = [] as ReturnType<typeof flag>[]) {
  const source = arraySource(session(steps));
  let now = 0;
  const player = new Player(layOut(source, flags), source, { now: () => now });
  const wait = (milliseconds: number) => {
    now += milliseconds * 1000;
    player.tick();
  };
  return { player, wait, text: () => player.screen.text().trim() };
}

const abc: readonly Step[] = [
  [0, "a"],
  [1000, "b"],
  [1000, "c"],
];

describe("the player", () => {
  it("plays as time goes by, and stops at the end", () => {
    const { player, wait, text } = playerOf(abc);
    expect(text()).toBe("a");
    player.play();
    wait(999);
    expect(text()).toBe("a");
    wait(1);
    expect(text()).toBe("ab");
    wait(5000);
    expect(text()).toBe("abc");
    expect(player.state).toMatchObject({ playing: false, at: 3_000_000 });
    player.play();
    expect(text()).toBe("a");
  });

  it("tells when it has something new to show", () => {
    const { player, wait } = playerOf(abc);
    expect(player.due).toBeUndefined();
    player.play();
    expect(player.due).toBe(1_000_000);
    wait(400);
    expect(player.due).toBe(600_000);
    player.setSpeed(4);
    expect(player.due).toBe(150_000);
    player.pause();
    expect(player.due).toBeUndefined();
  });

  it("changes speed without a jump", () => {
    const { player, wait } = playerOf(abc);
    player.play();
    wait(500);
    player.faster();
    expect(player.state).toMatchObject({ speed: 2, at: 500_000 });
    wait(500);
    expect(player.state.at).toBe(1_500_000);
    for (let i = 0; i < 20; i++) player.faster();
    expect(player.state.speed).toBe(64);
    for (let i = 0; i < 20; i++) player.slower();
    expect(player.state.speed).toBe(0.25);
  });

  it("seeks by time, forwards and backwards, within the session", () => {
    const { player, text } = playerOf(abc);
    player.seek(ms(1500));
    expect(text()).toBe("ab");
    player.seek(ms(2000));
    expect(text()).toBe("abc");
    player.seekBy(ms(-1500));
    expect(text()).toBe("a");
    player.seekBy(ms(-9000));
    expect(player.state.at).toBe(0);
    player.seek(ms(1e9));
    expect(player.state.at).toBe(3_000_000);
  });

  it("steps by one output both ways, pausing", () => {
    const { player, text } = playerOf(abc);
    player.play();
    player.stepForward();
    expect(player.state).toMatchObject({ playing: false, at: 1_000_000 });
    expect(text()).toBe("ab");
    player.stepForward();
    player.stepForward();
    expect(text()).toBe("abc");
    player.stepBack();
    expect(text()).toBe("ab");
    player.stepBack();
    player.stepBack();
    expect(text()).toBe("");
    player.stepBack();
    expect(text()).toBe("");
    player.stepForward();
    expect(text()).toBe("a");
  });

  it("cuts idle stretches while playing and seeking, and can be told not to", () => {
    const steps: readonly Step[] = [
      [0, "a"],
      [60_000, "b"],
      [100, "c"],
    ];
    const { player, wait, text } = playerOf(steps);
    player.play();
    wait(501);
    expect(text()).toBe("ab");
    player.seek(ms(60_050));
    player.seekBy(ms(-100));
    expect(player.state.at).toBeLessThan(60_000_000);
    expect(player.state.at).toBeGreaterThan(50_000_000);
    player.setCutIdle(false);
    player.seek(ms(0));
    wait(501);
    expect(text()).toBe("a");
  });

  it("tells those who watch of every change, until they stop", () => {
    const { player } = playerOf(abc);
    const seen: boolean[] = [];
    const stop = player.subscribe(({ playing }) => seen.push(playing));
    player.play();
    stop();
    player.pause();
    expect(seen).toEqual([true]);
  });
});

describe("flags in the player", () => {
  const steps: readonly Step[] = [
    [0, "$ cat Cookies\r\n"],
    [3000, "$ ls\r\n"],
    [3000, "rm -rf /\x1b[2K\r$ true\r\n"],
    [3000, "\x1b[2J\x1b[H$ "],
  ];
  const flags = [
    flag("cat Cookies", 1, 0),
    flag("rm -rf /", 3, 6000, "critical"),
    flag("curl evil", 2, 3000, "low"),
  ];

  it("are stepped through in order of time, and seen when played past", () => {
    const { player, wait } = playerOf(steps, flags);
    expect(player.flag?.evidence[0]?.summary).toBe("cat Cookies");
    player.nextFlag();
    expect(player.flag?.evidence[0]?.summary).toBe("curl evil");
    player.nextFlag();
    expect(player.flag?.evidence[0]?.summary).toBe("rm -rf /");
    player.nextFlag();
    expect(player.state.flag).toBe(2);
    player.previousFlag();
    player.previousFlag();
    player.previousFlag();
    expect(player.state).toMatchObject({ flag: 0, playing: false });
    player.setCutIdle(false);
    player.play();
    wait(3100);
    expect(player.state.flag).toBe(1);
    wait(2000);
    player.previousFlag();
    expect(player.state).toMatchObject({ flag: 1, at: 3_000_000 });
  });

  it("are shown at the moment when their text is on the screen, if only within one output", () => {
    const { player, text } = playerOf(steps, flags);
    player.goToFlag(2);
    expect(text()).toContain("rm -rf /");
    expect(player.findFlag()).toEqual([{ row: 2, from: 0, to: 8 }]);
    player.stepForward();
    expect(text()).not.toContain("rm -rf /");
    expect(player.findFlag()).toBeUndefined();
  });

  it("whose text never shows are shown at the event that completed them", () => {
    const { player } = playerOf(steps, flags);
    player.goToFlag(1);
    expect(player.findFlag()).toBeUndefined();
    expect(player.state).toMatchObject({ at: 3_000_000, place: { event: 2, bytes: 0 } });
  });

  it("whose text shows a little later are shown then", () => {
    const { player } = playerOf(
      [
        [0, "x"],
        [10, "evil"],
        [10, " curl\r\n"],
      ],
      [flag("evil curl", 1, 0)],
    );
    player.goToFlag(0);
    expect(player.state).toMatchObject({ at: 20_000, place: { event: 3, bytes: 0 } });
  });
});

describe("watching time", () => {
  it("maps there and back, and never runs backwards", () => {
    const stretches = fc.array(fc.tuple(fc.integer({ min: 1, max: 5e6 }), fc.integer({ min: 1, max: 1e9 })), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(stretches, fc.array(fc.nat(2e9), { minLength: 2 }), (gaps, moments) => {
        let at = 0;
        const idle = gaps.map(([busy, length]) => {
          const from = at + busy;
          at = from + IDLE_MICROS + length;
          return { from: micros(from), to: micros(at) };
        });
        const time = new PlayTime(idle);
        const sorted = moments.sort((a, b) => a - b);
        for (const moment of sorted)
          expect(Math.abs(time.moment(time.watched(micros(moment))) - moment)).toBeLessThan(2e-3 * 1e3);
        for (let i = 1; i < sorted.length; i++)
          expect(time.watched(micros(sorted[i] ?? 0))).toBeGreaterThanOrEqual(
            time.watched(micros(sorted[i - 1] ?? 0)),
          );
      }),
    );
  });
});
