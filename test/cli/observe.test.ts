import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { SessionEvent } from "../../src/core/event.js";
import type { Flag } from "../../src/core/flag.js";
import type { CoverageFact, ProcessFact } from "../../src/core/observation.js";
import { find } from "../../src/observe/processes/straceCommand.js";
import { openRecording } from "../../src/recording/reader.js";
import { straceWorks } from "../observe/processes/observed.js";
import { BODYCAM, bodycam, Desk, environment, onlyRecording, scratch } from "./desk.js";

const PATH = process.env.PATH ?? "";
const has = (program: string): boolean => find(program, PATH) !== undefined;
const watches = process.platform === "linux" && has("inotifywait");

/** A person's home with one browser, whose cookies a program may be after. */
function personWithCookies(): { readonly home: string; readonly user: string; readonly cookies: string } {
  const user = scratch();
  const profile = join(user, ".config/google-chrome/Default");
  mkdirSync(profile, { recursive: true });
  const cookies = join(profile, "Cookies");
  const db = new Sqlite(cookies);
  db.exec(
    "CREATE TABLE cookies (host_key TEXT, value TEXT); INSERT INTO cookies VALUES ('example.com', 'x')",
  );
  db.close();
  return { home: join(user, "bodycam"), user, cookies };
}

const eventsOf = (home: string): readonly SessionEvent[] => {
  const recording = openRecording(onlyRecording(home));
  try {
    return [...recording.events()];
  } finally {
    recording.close();
  }
};

const processFacts = (events: readonly SessionEvent[]): readonly ProcessFact[] =>
  events.flatMap((event) =>
    event.kind === "observation" && event.observation.source === "process" ? [event.observation.fact] : [],
  );

const coverageOf = (events: readonly SessionEvent[]): readonly CoverageFact[] =>
  events.flatMap((event) =>
    event.kind === "observation" && event.observation.source === "coverage" ? [event.observation.fact] : [],
  );

/** Runs a script under the camera, at a terminal. */
async function session(
  home: string,
  user: string,
  script: string,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Desk> {
  const desk = new Desk(
    [process.execPath, BODYCAM, "run", "--quiet", ...options, "--", "sh", "-c", script],
    environment(home, { HOME: user, ...env }),
    user,
  );
  await desk.ended;
  return desk;
}

async function flagsOf(home: string, user: string): Promise<readonly Flag[]> {
  const ran = await bodycam(home, ["flags", "--json"], { env: { HOME: user } });
  return JSON.parse(ran.stdout.toString()) as readonly Flag[];
}

describe.skipIf(!straceWorks || !watches)("a cookie store (needs strace and inotifywait)", () => {
  const STATIC_READER = `
    #include <fcntl.h>
    #include <unistd.h>
    int main(int n, char **a) {
      char b[4096]; int f = open(a[1], O_RDONLY); long s = 0, r;
      while ((r = read(f, b, sizeof b)) > 0) s += r;
      return s > 0 ? 0 : 1;
    }`;
  const ways: readonly (readonly [name: string, script: string, program: RegExp, needs?: string])[] = [
    ["copied by cp", 'cp "$C" taken.db', /\/cp$/],
    ["read by sqlite3", `sqlite3 "$C" 'select count(*) from cookies'`, /\/sqlite3$/, "sqlite3"],
    ["read by Python", `python3 -c "open('$C','rb').read()"`, /python3/, "python3"],
    ["read by a static program", './reader "$C"', /\/reader$/, "gcc"],
    ["read through a hard link", 'ln "$C" other && cat other >/dev/null', /\/cat$/],
    ["read through a symbolic link", 'ln -s "$C" other && cat other >/dev/null', /\/cat$/],
  ];
  for (const [name, script, program, needs] of ways)
    it.skipIf(needs !== undefined && !has(needs))(
      `${name} is flagged as confirmed, with process and command`,
      async () => {
        const { home, user, cookies } = personWithCookies();
        if (needs === "gcc") {
          writeFileSync(join(user, "reader.c"), STATIC_READER);
          execFileSync(find("gcc", PATH) as string, [
            "-static",
            "-O1",
            "-o",
            join(user, "reader"),
            join(user, "reader.c"),
          ]);
        }
        await session(home, user, script, [], { C: cookies });
        const flags = await flagsOf(home, user);
        const confirmed = flags.filter((flag) => flag.confidence === "confirmed");
        const pieces = confirmed.flatMap((flag) => flag.evidence).map(({ fields }) => fields);
        const found = pieces.find(
          ({ Image = "", ProcessId }) => program.test(Image) && ProcessId !== undefined,
        );
        expect(found, JSON.stringify(flags)).toBeDefined();
        const pids = processFacts(eventsOf(home)).flatMap((fact) => (fact.what === "exec" ? [fact.pid] : []));
        expect(pids).toContain(Number(found?.ProcessId));
      },
    );

  it("read by a program beside the session is nobody's act", async () => {
    const { home, user, cookies } = personWithCookies();
    const desk = new Desk(
      [process.execPath, BODYCAM, "run", "--quiet", "--", "sh", "-c", "echo up; read x"],
      environment(home, { HOME: user }),
      user,
    );
    await desk.until("up");
    for (let i = 0; i < 3; i++) execFileSync("cp", [cookies, join(user, `beside-${i}`)]);
    desk.type("\n");
    await desk.ended;
    expect(await flagsOf(home, user)).toEqual([]);
    expect(JSON.stringify(eventsOf(home))).not.toContain("beside-0");
  });
});

describe.skipIf(!straceWorks)("a session under strace", () => {
  const SCRIPT = `printf 'a\\033[1mb\\n'; ls -d /; (echo sub; exit 3); echo "$?"; python3 -c 'print(1)' 2>&1; kill -TERM $$`;

  it("gives the same bytes and the same end as without", async () => {
    const outputs: Buffer[] = [];
    for (const how of ["auto", "full", "process", "off"]) {
      const { home, user } = personWithCookies();
      const desk = await session(home, user, SCRIPT, ["--observe", how]);
      expect(await desk.ended, how).toEqual({ by: "exit", code: 143 });
      outputs.push(desk.output);
    }
    for (const output of outputs) expect(output.toString()).toBe(outputs.at(-1)?.toString());
  });

  it("runs a script that has no first line saying by what, and passes arguments on as they are", async () => {
    const { home, user } = personWithCookies();
    writeFileSync(join(user, "plain"), 'echo "[$1]" "[$2]"\n', { mode: 0o755 });
    const argv = ["run", "--quiet", "--", "./plain", "a b", "--observe"];
    const ran = await bodycam(home, argv, { cwd: user, env: { HOME: user } });
    expect(ran.stdout.toString()).toBe("[a b] [--observe]\n");
    expect(ran.status).toBe(0);
  });

  it.skipIf(!has("gdb"))("with gdb inside says why it fails and what to do (needs gdb)", async () => {
    const { home, user } = personWithCookies();
    await session(home, user, "gdb -batch -ex run /bin/true");
    expect(
      coverageOf(eventsOf(home))
        .map(({ detail }) => detail)
        .join("\n"),
    ).toMatch(/gdb.*refused.*--observe process/);
  });

  it.skipIf(!has("gdb"))("with gdb inside works with --observe process (needs gdb)", async () => {
    const { home, user } = personWithCookies();
    const desk = await session(home, user, "gdb -batch -ex run /bin/true", ["--observe", "process"]);
    expect(desk.output.toString()).toMatch(/exited normally/);
  });

  it.skipIf(!has("bwrap"))("sees what runs in bubblewrap (needs bwrap)", async () => {
    const { home, user } = personWithCookies();
    const desk = await session(home, user, "bwrap --ro-bind / / --dev /dev --unshare-pid uname -s; echo $?");
    expect(desk.output.toString()).toContain("Linux");
    const commands = processFacts(eventsOf(home)).flatMap((fact) =>
      fact.what === "exec" ? [fact.argv] : [],
    );
    expect(commands).toContainEqual(["uname", "-s"]);
  });

  it("goes on when strace is killed, and the recording says so", async () => {
    const { home, user } = personWithCookies();
    const desk = new Desk(
      [process.execPath, BODYCAM, "run", "--quiet", "--", "sh", "-c", "echo $$ up; read x; echo over"],
      environment(home, { HOME: user }),
      user,
    );
    await desk.until(" up");
    const pid = Number(/(\d+) up/.exec(desk.output.toString())?.[1]);
    const tracer = Number(/^TracerPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    expect(tracer).toBeGreaterThan(0);
    process.kill(tracer, "SIGKILL");
    desk.type("\n");
    const exit = await desk.ended;
    expect(exit.by).toBe("exit");
    expect(coverageOf(eventsOf(home))).toContainEqual({
      source: "strace",
      state: "failed",
      detail: expect.stringMatching(/was killed/),
    });
    expect((await bodycam(home, ["verify", "--json"])).status).toBe(0);
    expect(desk.output.toString()).toMatch(/strace ended before the session/);
  });

  it("says that strace does not work when it may not trace, and follows the process table", async () => {
    const { home, user } = personWithCookies();
    const bin = join(user, "bin");
    mkdirSync(bin);
    const denied = `#!/bin/sh
      case "$1" in -V) echo 'strace -- version 6.1';; -h) echo '-D -DD -DDD --seccomp-bpf --decode-pids=pidns';;
      *) echo 'strace: ptrace(PTRACE_SEIZE): Operation not permitted' >&2; exit 1;; esac`;
    writeFileSync(join(bin, "strace"), denied, { mode: 0o755 });
    const desk = await session(home, user, "sleep 0.3; echo went on", [], { PATH: `${bin}:${PATH}` });
    expect(desk.output.toString()).toContain("went on");
    const coverage = coverageOf(eventsOf(home));
    expect(coverage).toContainEqual({
      source: "strace",
      state: "failed",
      detail: expect.stringMatching(/not permitted.*process table/),
    });
    expect(coverage).toContainEqual(expect.objectContaining({ source: "process-table", state: "on" }));
  });

  it("leaves nothing in the directory for temporary files", async () => {
    const { home, user } = personWithCookies();
    const tmp = join(user, "tmp");
    mkdirSync(tmp);
    await session(home, user, "true", [], { TMPDIR: tmp });
    expect(readdirSync(tmp).filter((name) => name.startsWith("bodycam-"))).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("an agent's own transcript", () => {
  it("is followed, copied whole when the session ends, and can be taken out", async () => {
    const { home, user } = personWithCookies();
    const bin = join(user, "bin");
    mkdirSync(bin);
    const fixture = new URL("../observe/transcripts/fixtures/codex.jsonl", import.meta.url).pathname;
    const agent = `#!/bin/sh
      d="$HOME/.codex/sessions/$(date +%Y/%m/%d)"; mkdir -p "$d"
      m=$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M)
      sed "s#/home/ada/shop#$PWD#g; s#2026-03-02T10:00#$m#g" '${fixture}' >"$d/rollout-a.jsonl"
      cp "$d/rollout-a.jsonl" kept.jsonl`;
    writeFileSync(join(bin, "codex"), agent, { mode: 0o755 });
    const env = { HOME: user, PATH: `${bin}:${PATH}` };
    const ran = await bodycam(home, ["run", "--quiet", "--", "codex"], { cwd: user, env });
    expect(ran.status).toBe(0);
    const kept = await bodycam(home, ["cat", "--transcript"], { env });
    expect(kept.stdout.toString()).toBe(readFileSync(join(user, "kept.jsonl"), "utf8"));
    const calls = eventsOf(home).flatMap((event) =>
      event.kind === "observation" && event.observation.source === "tool" ? [event] : [],
    );
    expect(calls.map(({ observation }) => observation.fact)).toContainEqual(
      expect.objectContaining({ what: "call", agent: "codex", command: "ls src | wc -l" }),
    );
    expect(calls.every(({ happened }) => happened !== undefined)).toBe(true);
  });

  it("is not there where no agent ran, and cat says so", async () => {
    const { home, user } = personWithCookies();
    await session(home, user, "true");
    const kept = await bodycam(home, ["cat", "--transcript"]);
    expect(kept.status).toBe(1);
    expect(kept.stderr).toMatch(/holds no transcript/);
  });
});

describe("a session that is not looked behind", () => {
  it("says so, and starts nothing", async () => {
    const { home, user } = personWithCookies();
    await session(home, user, "true", ["--observe", "off"]);
    const events = eventsOf(home);
    expect(processFacts(events)).toEqual([]);
    expect(coverageOf(events)).toMatchObject([{ source: "strace", state: "off" }]);
  });

  it("is refused for a way of looking that there is not", async () => {
    const ran = await bodycam(scratch(), ["run", "--observe", "sideways", "--", "true"]);
    expect(ran.status).not.toBe(0);
    expect(ran.stderr).toMatch(/sideways/);
  });

  it("does not record twice what a camera inside a camera runs", async () => {
    const { home, user } = personWithCookies();
    await session(home, user, `'${process.execPath}' '${BODYCAM}' run -- uname -s`);
    const unames = processFacts(eventsOf(home)).filter(
      (fact) => fact.what === "exec" && fact.argv[0] === "uname",
    );
    expect(unames.length).toBe(straceWorks ? 1 : unames.length);
    expect(existsSync(join(home, "sessions"))).toBe(true);
  });
});
