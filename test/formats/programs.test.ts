import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type ForeignFiles, readForeign } from "../../src/cli/foreignFile.js";
import type { SessionEvent } from "../../src/core/event.js";
import { AsciicastReader } from "../../src/formats/asciicast.js";
import { writeAsciicast } from "../../src/formats/asciicastWriter.js";
import { type Finding, Findings } from "../../src/formats/findings.js";
import { TtyrecReader, writeTtyrec } from "../../src/formats/ttyrec.js";
import { Desk, environment, scratch } from "../cli/desk.js";
import { facts, importFile } from "./sessions.js";

// Recorders of others, and files that they made: everything that these formats can hold is kept.
const CASTS = resolve(import.meta.dirname, "../../../shared/data/asciicast");
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

interface Imported {
  readonly events: readonly SessionEvent[];
  readonly startedAt: number;
  readonly findings: readonly Finding[];
}

async function read(files: ForeignFiles): Promise<Imported> {
  const events: SessionEvent[] = [];
  const { startedAt, findings } = await readForeign(files, (event) => events.push(event));
  return { events, startedAt, findings };
}

const bytesOf = (events: readonly SessionEvent[], kind: "output" | "input"): Buffer =>
  Buffer.concat(events.map((event) => (event.kind === kind ? event.data : new Uint8Array(0))));

function cast(version: 2 | 3, { events, startedAt }: Pick<Imported, "events" | "startedAt">): string {
  return [...writeAsciicast(events, { version, startedAt, flags: [] }, new Findings())].join("");
}

const castAgain = (version: 2 | 3, file: string) =>
  importFile(`asciicast-v${version}`, (findings) => new AsciicastReader(version, findings), file);

/** A session in a terminal: colours, UTF-8 in pieces, a byte that is none, a question. */
const SESSION = `printf '\\033[31mred\\033[0m \\342\\202'; sleep 0.05; printf '\\254 \\303\\251\\r\\n'
printf 'name? '; read name; printf 'hello %s \\033]0;title\\007\\n' "$name"; seq 1 3000; exit 5`;

/** Runs a recorder in a terminal, and answers the question. */
async function perform(dir: string, argv: readonly string[]): Promise<void> {
  writeFileSync(join(dir, "session.sh"), SESSION);
  const desk = new Desk(argv, environment(dir, { HOME: dir, LC_ALL: "C.UTF-8", SHELL: "/bin/sh" }), dir);
  await desk.until("name? ");
  desk.type("ada\r");
  await desk.ended;
}

describe.skipIf(!existsSync(CASTS))("the asciicasts of ../shared/data/asciicast", () => {
  it.each(existsSync(CASTS) ? readdirSync(CASTS) : [])("%s", async (name) => {
    const path = join(CASTS, name);
    const first = await read({ path });
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const header = JSON.parse(
      name.includes("v1") || name.endsWith(".json") ? lines.join("\n") : (lines[0] ?? ""),
    );
    const version = header.version === 3 ? 3 : 2;
    const again = cast(version, first).trim().split("\n");
    if (header.version === 1) {
      let at = 0;
      const wanted = (header.stdout as [number, string][]).map(([delay, text]) => {
        at += Math.round(delay * 1e6);
        return [at / 1e6, "o", text];
      });
      expect(again.slice(1).map((line) => JSON.parse(line))).toEqual(wanted);
    } else {
      expect(again.slice(1).map((line) => JSON.parse(line))).toEqual(
        lines.slice(1).map((line) => JSON.parse(line)),
      );
      const { env, ...rest } = header;
      const texts = Object.fromEntries(Object.entries(env ?? {}).filter(([, value]) => value !== null));
      const { env: envAgain = {}, ...restAgain } = JSON.parse(again[0] ?? "");
      expect({ ...restAgain, env: envAgain }).toEqual({ ...rest, env: texts });
    }
    // Through the other version: nothing but the header is another.
    const other = version === 2 ? 3 : 2;
    const crossed = castAgain(other, cast(other, first));
    expect(facts(crossed.events).slice(1)).toEqual(facts(first.events).slice(1));
  });
});

describe.skipIf(!has("asciinema"))("a recording of asciinema", () => {
  it("comes in and goes out whole, and asciinema plays it the same", async () => {
    const dir = scratch();
    const path = join(dir, "a.cast");
    await perform(dir, ["asciinema", "rec", "-q", "--stdin", "-c", "sh session.sh", path]);
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const first = await read({ path });
    expect(first.events[0]).toMatchObject({ kind: "open", meta: { size: { cols: 100, rows: 30 } } });
    expect(bytesOf(first.events, "input").toString()).toBe("ada\r");
    expect(bytesOf(first.events, "output").toString()).toContain("red\u001b[0m € é\r\r\n");
    const file = cast(2, first);
    const events = file.trim().split("\n").slice(1);
    expect(events.map((line) => JSON.parse(line))).toEqual(lines.slice(1).map((line) => JSON.parse(line)));
    writeFileSync(join(dir, "b.cast"), file);
    const play = async (name: string): Promise<Buffer> => {
      const desk = new Desk(
        ["asciinema", "cat", name],
        environment(dir, { HOME: dir, LC_ALL: "C.UTF-8" }),
        dir,
      );
      await desk.ended;
      return desk.output;
    };
    const played = await play("a.cast");
    expect(played.length).toBeGreaterThan(1000);
    expect((await play("b.cast")).equals(played)).toBe(true);
  });
});

describe.skipIf(!has("ttyrec"))("a recording of ttyrec", () => {
  it("comes in and goes out, the same to the byte", async () => {
    const dir = scratch();
    const path = join(dir, "a.ttyrec");
    await perform(dir, ["ttyrec", "-e", "sh session.sh", path]);
    const first = await read({ path });
    expect(bytesOf(first.events, "output").toString()).toContain("hello ada");
    const again = Buffer.concat([...writeTtyrec(first.events, first.startedAt, new Findings())]);
    expect(again.equals(readFileSync(path))).toBe(true);
    const twice = importFile("ttyrec", (findings) => new TtyrecReader(findings), again);
    expect(facts(twice.events).slice(1)).toEqual(facts(first.events).slice(1));
  });
});

describe.skipIf(!has("script") || spawnSync("script", ["--version"]).status !== 0)(
  "a recording of script(1)",
  () => {
    /** The bytes of a typescript, without script's own first and last line. */
    const inside = (path: string): Buffer => {
      const bytes = readFileSync(path);
      return bytes.subarray(bytes.indexOf("\n") + 1, bytes.lastIndexOf("\nScript done"));
    };
    /** The times and numbers of bytes of a timing, in microseconds. */
    const timed = (path: string, stream: RegExp): readonly (readonly [number, number])[] => {
      let at = 0;
      return readFileSync(path, "latin1")
        .split("\n")
        .flatMap((line) => {
          const [, type = "O", pause, bytes] = /^(?:([OIS]) )?(\d+\.\d+) (\d+)?/.exec(line) ?? [];
          if (pause === undefined) return [];
          at += Math.round(Number(pause) * 1e6);
          return stream.test(type) ? [[at, Number(bytes)] as const] : [];
        });
    };
    const told = (events: readonly SessionEvent[], kind: "output" | "input") =>
      events.flatMap((event) => (event.kind === kind ? [[event.at, event.data.length]] : []));
    const quick = ["--divisor", "100000"];

    it("comes in whole in the classic form", async () => {
      const dir = scratch();
      const path = join(dir, "out");
      await perform(dir, ["script", "-q", "-m", "classic", "-T", "tim", "-O", "out", "-c", "sh session.sh"]);
      const { events, findings } = await read({ path, timing: join(dir, "tim") });
      expect(bytesOf(events, "output").equals(inside(path))).toBe(true);
      expect(told(events, "output")).toEqual(timed(join(dir, "tim"), /O/));
      expect(events[0]).toMatchObject({
        meta: { size: { cols: 100, rows: 30 }, command: ["sh", "session.sh"] },
      });
      expect(events.at(-1)).toMatchObject({ kind: "end", exit: { by: "exit", code: 5 } });
      expect(findings).toEqual([]);
      const played = spawnSync("scriptreplay", [...quick, "-T", "tim", "-O", "out"], { cwd: dir }).stdout;
      expect(played.toString("latin1").trimEnd()).toBe(
        bytesOf(events, "output").toString("latin1").trimEnd(),
      );
    });

    it.each([
      ["in one file", ["-B", "both"], "both", undefined],
      ["in two files", ["-O", "out", "-I", "in"], "out", "in"],
    ])("comes in whole in the advanced form, input and output %s", async (_, logs, output, input) => {
      const dir = scratch();
      const timing = join(dir, "tim");
      await perform(dir, ["script", "-q", "-T", "tim", ...logs, "-c", "sh session.sh"]);
      const files = {
        path: join(dir, output),
        timing,
        ...(input === undefined ? {} : { input: join(dir, input) }),
      };
      const { events, findings } = await read(files);
      expect(told(events, "output")).toEqual(timed(timing, /O/));
      expect(told(events, "input")).toEqual(timed(timing, /I/));
      expect(bytesOf(events, "input").toString()).toBe("ada\r");
      expect(bytesOf(events, "output").toString()).toContain("hello ada");
      if (input !== undefined) expect(bytesOf(events, "output").equals(inside(files.path))).toBe(true);
      expect(events.at(-1)).toMatchObject({ kind: "end", exit: { by: "exit", code: 5 } });
      expect(events[0]).toMatchObject({ meta: { size: { cols: 100, rows: 30 } } });
      expect(findings).toEqual([]);
    });

    it("comes in without its timing, all at once", async () => {
      const dir = scratch();
      await perform(dir, ["script", "-q", "-O", "out", "-c", "sh session.sh"]);
      const { events, findings } = await read({ path: join(dir, "out") });
      expect(bytesOf(events, "output").equals(inside(join(dir, "out")))).toBe(true);
      expect(findings.map(({ kind }) => kind)).toEqual(["no-timing"]);
    });
  },
);

describe("compressed files", () => {
  const lines = Array.from({ length: 30_000 }, (_, n) => `[${n}, "o", "line ${n}\\r\\n"]\n`).join("");
  const content = `{"version":2,"width":80,"height":24,"timestamp":1}\n${lines}`;

  describe.each(["gzip", "zstd"])("%s", (program) =>
    it.skipIf(!has(program))("gives the same, cut short as well", async () => {
      const dir = scratch();
      writeFileSync(join(dir, "a.cast"), content);
      const packed = spawnSync(program, ["-c", "a.cast"], { cwd: dir }).stdout;
      writeFileSync(join(dir, "packed"), packed);
      copyFileSync(join(dir, "a.cast"), join(dir, "plain"));
      const plain = await read({ path: join(dir, "plain") });
      const unpacked = await read({ path: join(dir, "packed") });
      expect(facts(unpacked.events).slice(1)).toEqual(facts(plain.events).slice(1));
      expect(unpacked.findings).toEqual(plain.findings);

      writeFileSync(join(dir, "cut"), packed.subarray(0, statSync(join(dir, "packed")).size - 300));
      const cut = await read({ path: join(dir, "cut") });
      const got = facts(cut.events).slice(1, -1);
      expect(cut.findings.map(({ kind }) => kind)).toContain("compressed-cut");
      expect(got).toEqual(facts(plain.events).slice(1, 1 + got.length));
    }),
  );
});
