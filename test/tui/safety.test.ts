import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/core/flag.js";
import { flag, type Step, session } from "../replay/sessions.js";
import { Seat } from "./seat.js";

/** Each of these would do something to a reviewer's terminal if it got there as it is. */
const EVIL = [
  "\x1b]52;c;ZXZpbA==\x07",
  "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
  "\x1b]0;evil title\x07",
  "\x1b]2;evil title\x1b\\",
  "\x1b]9;evil notification\x07",
  "\x1b]777;notify;evil;x\x07",
  "\x1b]1337;File=name=eA==:eA==\x07",
  "\x1b]10;?\x07\x1b]11;?\x07\x1b]4;1;?\x07",
  "\x1bP+q544e\x1b\\\x1bP$qm\x1b\\\x1bPq#0;2;0;0;0~\x1b\\",
  "\x1b_Gf=24;AAAA\x1b\\\x1b^private\x1b\\\x1bXstring\x1b\\",
  "\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[18t\x1b[21t\x1b[?1$p\x1b[>q",
  "\x1b[201~\x1b[200~paste\x1b[201~\x1b[?2004h",
  "\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[>1u\x1b[=1u",
  "\x1b[3J\x1bc\x1b[!p\x1b[?1049h\x1b[?1049l",
  "\x1b[8;10;10t\x1b[2t\x1b[5t",
  "\u009b31m\u009d0;c1 title\u009c\u0090q\u009c\u0085\u0084\u008d",
  "\x07\x0e\x0f\x05\x7f\x00\x1a",
  "\u202eright to left\u202c\u2066isolate\u2069\u200e\u200f\u061c",
  "zero\u200bwidth\u200c\u200d\ufeff\u2060 tags\u{e0041}\u{e007f} vs\ufe0f",
  `zalgo${"\u0301".repeat(200)}`,
  "\x1b[4h\x1b[?5h\x1b[?3h\x1b(0lqk\x1b(B",
];
const RESETS = EVIL.findIndex((evil) => evil.includes("\x1bc"));
const RAW = [
  Buffer.from([0x9b, 0x35, 0x6e, 0x9d, 0x30, 0x3b, 0x78, 0x9c, 0xff, 0xfe, 0x80]).toString("latin1"),
];

/** The only control sequences that may leave the replay: SGR, going to a row, erasing, and its modes. */
const CONTROLS = "(?:[0-9;]*m|[0-9]+;1H|K|J|2J|[?](?:1049|25|7|2026|1002|1006)[hl])";
const ALLOWED = new RegExp(`${String.fromCharCode(27)}[[]${CONTROLS}`, "g");

describe("what reaches the reviewer's terminal", () => {
  it("is nothing of what was recorded but printable characters", async () => {
    const steps: Step[] = [...EVIL, ...RAW].flatMap((evil, i): Step[] => [
      [10, `step ${i} ${evil} after\r\n`],
      [10, evil],
    ]);
    const all = EVIL.join(" ");
    const exec = { what: "exec", pid: 1, ppid: 0, image: all, argv: ["run", all], cwd: all } as const;
    const call = {
      what: "call",
      agent: all,
      call: "1",
      tool: all,
      command: all,
      paths: [],
      input: all,
    } as const;
    const behind: Step[] = [
      [10, { kind: "observation", observation: { source: "process", fact: exec } }],
      [10, { kind: "observation", observation: { source: "tool", fact: call } }],
      [10, { kind: "input", data: new TextEncoder().encode(`typed ${all}\r`) }],
    ];
    const evidence = `step 3 ${EVIL.join(" ")}`;
    const flags = [
      {
        ...flag(evidence, 9, 50),
        rule: {
          ...flag("", 0, 0).rule,
          id: all,
          tags: [`attack.${all}`],
          sentence: `Said ${EVIL.join("")}`,
          title: evidence,
        },
        evidence: [{ ...flag(evidence, 9, 50).evidence[0], fields: { [all]: all } } as Evidence],
      },
      flag("step 17", 36, 360),
    ];
    const seat = new Seat({
      events: session([...steps, ...behind], 80, 24),
      flags,
      session: { command: ["agent", ...EVIL] },
    });
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("g");
    await seat.until((shown) => shown.includes("0:00.0 /"));
    for (let i = 0; i < steps.length / 2; i++) {
      seat.type(".");
      // The one that resets the terminal takes its own announcement away.
      if (i !== RESETS) await seat.until((shown) => new RegExp(`step ${i}\\b`).test(shown));
      seat.type(".");
    }
    await seat.until((shown) => shown.includes("step 21"));
    seat.type("NN?xn");
    await seat.until((shown) => shown.includes("flag 2/2"));
    seat.type("f");
    await seat.until((shown) => shown.includes("Evidence"));
    seat.type("[");
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("aG");
    await seat.until((shown) => shown.includes("$ run"));
    for (const wanted of ["typed.*", "step 1.*", ".*tags.*"]) {
      seat.type(`/${wanted}\r`);
      await seat.until((shown) => shown.includes(`/${wanted}: hit 1`));
      seat.type("n");
    }
    seat.type("\x1b");
    await seat.until((shown) => !shown.includes("$ run"));
    seat.type("\x1b");
    await seat.until((shown) => !shown.includes("hit"));
    seat.type("g  ");
    await seat.quit();

    const sent = Buffer.from(seat.bytes, "latin1").toString("utf8");
    const rest = sent.replace(ALLOWED, "").replace("ended by reviewer\r\n", "");
    expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
    expect(sent).not.toMatch(/\u0301{5}/);
    expect(rest).toContain("paste");
  });
});
