import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bodycam, Desk, onlyRecording, scratch, sessionsOf } from "./desk.js";

const LONG = process.env.BODYCAM_LONG === "1";
const STATUSES = LONG
  ? Array.from({ length: 256 }, (_, status) => status)
  : [0, 1, 2, 3, 42, 77, 125, 126, 127, 128, 130, 254, 255];
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL", "SIGSEGV"] as const;

const show = async (home: string) => JSON.parse((await bodycam(home, ["show", "--json"])).stdout.toString());

describe("the exit status", () => {
  it("is that of the command", { timeout: 600_000 }, async () => {
    const home = scratch();
    for (const status of STATUSES) {
      expect((await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `exit ${status}`])).status).toBe(
        status,
      );
    }
  });

  it.each(SIGNALS)("is 128+n when %s ended the command", async (signal) => {
    const home = scratch();
    const ran = await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `kill -${signal.slice(3)} $$`]);
    expect(ran.status).toBe(128 + constants.signals[signal]);
    expect((await show(home)).exit).toEqual({ by: "signal", signal, number: constants.signals[signal] });
  });

  it("is 127 for a command that is not there, with one sentence and no session", async () => {
    const home = scratch();
    const ran = await bodycam(home, ["run", "--", "no-such-command-here"]);
    expect(ran.status).toBe(127);
    expect(ran.stderr).toBe(
      'bodycam: There is no command "no-such-command-here". Check the spelling, or give its full path.\n',
    );
    expect(existsSync(join(home, "sessions"))).toBe(false);
  });

  it("is 126 for a file that can't be run", async () => {
    const dir = scratch();
    writeFileSync(join(dir, "notes.txt"), "hello");
    const ran = await bodycam(dir, ["run", "--", join(dir, "notes.txt")]);
    expect(ran.status).toBe(126);
    expect(ran.stderr).toMatch(/^bodycam: .*can't be run\. .*\n$/);
  });

  it("is 125 when the camera can't start, and then nothing runs", async () => {
    const dir = scratch();
    writeFileSync(join(dir, "file"), "");
    const ran = await bodycam(join(dir, "file", "home"), ["run", "--", "touch", join(dir, "ran")]);
    expect(ran.status).toBe(125);
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n$/);
    expect(existsSync(join(dir, "ran"))).toBe(false);
  });
});

describe("the agent's terminal", () => {
  it("has the size and the type of the user's", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", "sh", "-c", 'stty size; echo "$TERM"; tty']);
    await desk.ended;
    expect(desk.output.toString()).toMatch(/^30 100\r\nxterm-256color\r\n\/dev\/pts\/\d+\r\n$/);
  });

  it("starts with the modes of the user's", async () => {
    const home = scratch();
    const command = `stty erase '^H' -ixon; exec ${process.execPath} ${join(import.meta.dirname, "../../bin/bodycam.js")} run --quiet -- stty -a`;
    const { environment } = await import("./desk.js");
    const desk = new Desk(["/bin/sh", "-c", command], environment(home));
    await desk.ended;
    expect(desk.output.toString()).toContain("erase = ^H");
    expect(desk.output.toString()).toContain("-ixon");
  });

  it("is resized with the user's, and the recording says so", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done",
    ]);
    await desk.until("ready");
    desk.resize(77, 33);
    await desk.until("33 77");
    expect(await desk.ended).toEqual({ by: "exit", code: 0 });
  });

  it("answers the agent's questions with the user's terminal's answers", async () => {
    const home = scratch();
    const ask =
      "stty raw -echo; printf '\\033[c\\033]11;?\\033\\\\'; dd bs=1 count=34 2>/dev/null | od -An -c | tr -d ' \\n'; stty sane";
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", "sh", "-c", ask]);
    await desk.until("\x1b[c\x1b]11;?\x1b\\");
    desk.type("\x1b[?62;22c\x1b]11;rgb:1111/2222/3333\x1b\\");
    await desk.ended;
    expect(desk.output.toString()).toContain("033[?62;22c033]11;rgb:1111/2222/3333033\\");
  });

  it("passes keys, pastes and mouse reports on unchanged, and records them", async () => {
    const home = scratch();
    const keys = "\x1b[200~pasted\rtext\x1b[201~\x1b[<0;10;5M\x1b[97;5u\x03é";
    const length = Buffer.byteLength(keys);
    const desk = Desk.bodycam(home, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      `stty raw -echo; printf ready; head -c ${length} | od -An -tx1; stty sane`,
    ]);
    await desk.until("ready");
    desk.type(keys);
    await desk.ended;
    const seen = desk.output
      .toString()
      .split("ready")[1]
      ?.replace(/[^0-9a-f]/g, "");
    expect(seen).toBe(Buffer.from(keys).toString("hex"));
    expect((await bodycam(home, ["cat", "--input"])).stdout.toString("hex")).toBe(
      Buffer.from(keys).toString("hex"),
    );
  });
});

describe("passwords", () => {
  const ask = [
    "sh",
    "-c",
    "printf 'Password: '; stty -echo; read secret; stty echo; printf 'read %s' $(printf %s $secret | wc -c)",
  ];

  it("are masked", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", ...ask]);
    await desk.until("Password: ");
    await new Promise((resolve) => setTimeout(resolve, 200));
    desk.type("hunter2\r");
    await desk.until("read 7");
    await desk.ended;
    expect((await bodycam(home, ["cat", "--input"])).stdout.toString()).toBe("");
    expect((await show(home)).bytes).toMatchObject({ input: 0, masked: 8 });
    expect(readFileSync(onlyRecording(home)).includes("hunter2")).toBe(false);
  });

  it("are recorded only when asked for", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, ["run", "--quiet", "--record-passwords", "--", ...ask]);
    await desk.until("Password: ");
    await new Promise((resolve) => setTimeout(resolve, 200));
    desk.type("hunter2\r");
    await desk.ended;
    expect((await bodycam(home, ["cat", "--input"])).stdout.toString()).toBe("hunter2\r");
  });
});

describe("standard input and output that are no terminal", () => {
  it("pass piped input on as a pipe, to its end", async () => {
    const home = scratch();
    const input = Buffer.from("one\ntwo\0\x03\x04 three\n".repeat(5000));
    const ran = await bodycam(home, ["run", "--quiet", "--", "sh", "-c", "test -p /dev/stdin && cat"], {
      input,
    });
    expect(ran.status).toBe(0);
    expect(ran.stdout.equals(input)).toBe(true);
    expect((await bodycam(home, ["cat", "--input"])).stdout.equals(input)).toBe(true);
  });

  it("give the agent a terminal where nothing is piped in", async () => {
    for (const input of ["none", "open"] as const) {
      const ran = await bodycam(
        scratch(),
        ["run", "--quiet", "--", "sh", "-c", "test -t 0 && test -t 1 && echo yes"],
        {
          input,
        },
      );
      expect(ran.stdout.toString()).toBe("yes\n");
    }
  });

  it("end for an agent that reads them to the end", async () => {
    const ran = await bodycam(scratch(), ["run", "--quiet", "--", "cat"], { input: "none" });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
  });

  it("are not translated", async () => {
    const ran = await bodycam(scratch(), ["run", "--quiet", "--", "printf", "a\\nb\\n"]);
    expect(ran.stdout.toString()).toBe("a\nb\n");
  });
});

describe("signals and job control", () => {
  it("reach the agent", async () => {
    const home = scratch();
    const script = "trap 'echo got it; exit 9' USR1; echo ready; while :; do sleep 0.05; done";
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", "sh", "-c", script]);
    await desk.until("ready");
    process.kill(desk.pid, "SIGUSR1");
    expect(await desk.ended).toEqual({ by: "exit", code: 9 });
    expect(desk.output.toString()).toContain("got it");
  });

  it("let Ctrl-Z suspend a session and fg bring it back", async () => {
    const home = scratch();
    const { environment, BODYCAM } = await import("./desk.js");
    const shell = new Desk(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment(home, { PS1: "prompt> " }),
    );
    await shell.until("prompt> ");
    shell.type(`${process.execPath} ${BODYCAM} run --quiet -- sh -c 'echo began; read line; echo over'\r`);
    await shell.until("began\r\n");
    shell.type("\x1a");
    await shell.until("Stopped");
    const mark = shell.output.length;
    shell.type("fg\r");
    await shell.until("fg\r\n", mark);
    shell.type("go on\r");
    await shell.until("over\r\n", mark);
    // What is typed before the agent has ended is the agent's.
    await shell.untilAfter("over\r\n", "prompt> ");
    shell.type("exit\r");
    await shell.ended;
    const verified = await bodycam(home, ["verify", "--json"]);
    expect(verified.status).toBe(0);
  });

  it("hang up the agent when the terminal is closed, even one that pays no heed to the signal", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      "trap '' HUP; echo be''gan; cat; exit 3",
    ]);
    await desk.until("began");
    desk.close();
    await desk.ended;
    const [session] = JSON.parse((await bodycam(home, ["list", "--json"])).stdout.toString());
    expect(session).toMatchObject({ state: "complete", exit: { by: "exit", code: 3 } });
  });

  it("hang up the agent when the recorder is killed, and give the user's terminal back", async () => {
    const home = scratch();
    const { environment, BODYCAM } = await import("./desk.js");
    const shell = new Desk(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment(home, { PS1: "prompt> " }),
    );
    await shell.until("prompt> ");
    const pids = join(home, "pids");
    shell.type(
      `${process.execPath} ${BODYCAM} run --quiet -- sh -c 'printf "\\033[?1049h\\033[?25l"; stty raw; echo $$ $PPID > ${pids}; echo be''gan; sleep 60'\r`,
    );
    await shell.until("began");
    // The guard starts a moment after the agent.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [agent, recorder] = readFileSync(pids, "utf8").trim().split(" ").map(Number) as [number, number];
    process.kill(recorder, "SIGKILL");
    await shell.until("\x1b[?1049l");
    await shell.until("\x1b[?25h");
    await shell.untilAfter("began", "prompt> ");
    while (isRunning(agent)) await new Promise((resolve) => setTimeout(resolve, 20));
    shell.type("stty -a\r");
    await shell.until(" icanon iexten echo ");
    shell.type("exit\r");
    await shell.ended;
    expect((await bodycam(home, ["verify"])).status).toBe(4);
  });
});

describe("a camera inside a camera", () => {
  it("records once, and says so", async () => {
    const home = scratch();
    const { BODYCAM } = await import("./desk.js");
    const inner = [process.execPath, BODYCAM, "run", "--", "sh", "-c", "echo inside; exit 5"];
    const ran = await bodycam(home, ["run", "--quiet", "--", ...inner]);
    expect(ran.status).toBe(5);
    expect(ran.stdout.toString()).toMatch(
      /^bodycam: session [0-9a-f]{8} is already recording here[^\n]*\ninside\n$/,
    );
    expect(sessionsOf(home)).toHaveLength(1);
  });

  it("does not believe a variable alone", async () => {
    const home = scratch();
    const env = { BODYCAM_SESSION: "11111111-2222-4333-8444-555555555555:1" };
    await bodycam(home, ["run", "--quiet", "--", "true"], { env });
    expect(sessionsOf(home)).toHaveLength(1);
  });
});

describe("what is kept", () => {
  it("is readable by its owner only", async () => {
    const home = join(scratch(), "home");
    await bodycam(home, ["run", "--quiet", "--", "true"]);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(home)).toBe("700");
    expect(mode(onlyRecording(home))).toBe("600");
    expect(mode(join(home, "catalogue.db"))).toBe("600");
    expect(mode(join(home, "keys", "signing.key"))).toBe("600");
  });

  it("has its id in the session file", async () => {
    const home = scratch();
    await bodycam(home, ["run", "--quiet", "--session-file", join(home, "id"), "--", "true"]);
    expect(sessionsOf(home)).toEqual([readFileSync(join(home, "id"), "utf8").trim()]);
  });
});

/** Whether a process runs: one that has ended and is only waited for does not. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    return false;
  }
}
