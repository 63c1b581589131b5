import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CoverageFact, FileFact } from "../../../src/core/observation.js";
import { FileObserver } from "../../../src/observe/files/fileObserver.js";
import { Inotify } from "../../../src/observe/files/inotify.js";
import { parseSensitiveList } from "../../../src/observe/files/sensitiveFiles.js";
import { allProcesses, programInProc, statOf } from "../../../src/observe/processes/procfs.js";
import { find } from "../../../src/observe/processes/straceCommand.js";
import { type Observed, observe, PATH, straceWorks } from "../processes/observed.js";

const list = parseSensitiveList(
  readFileSync(new URL("../../../detectors/sensitive-files.json", import.meta.url), "utf8"),
);
const watches = process.platform === "linux" && find("inotifywait", PATH) !== undefined;
const compiler = find("gcc", PATH);

interface Guarded {
  readonly session: Observed;
  readonly home: string;
  readonly cookies: string;
  readonly files: FileObserver;
  readonly facts: FileFact[];
  readonly coverage: CoverageFact[];
  /** Lets the script go on. */
  go(): void;
  done(): Promise<void>;
}

/** A home with a browser profile and keys, and a session in it whose script waits for `go`. */
async function guarded(script: string, mode: "auto" | "full" = "auto"): Promise<Guarded> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "home-")));
  const cwd = join(home, "work");
  const profile = join(home, ".config/google-chrome/Default");
  for (const folder of [cwd, profile, join(home, ".ssh")]) mkdirSync(folder, { recursive: true });
  const cookies = join(profile, "Cookies");
  if (find("sqlite3", PATH) === undefined) writeFileSync(cookies, "c".repeat(100_000));
  else
    execFileSync("sqlite3", [cookies, "create table cookies(name text); insert into cookies values('sid')"]);
  writeFileSync(join(home, ".ssh/id_ed25519"), "key\n", { mode: 0o600 });
  linkSync(cookies, join(home, "hard"));
  symlinkSync(cookies, join(home, "soft"));
  const facts: FileFact[] = [];
  const coverage: CoverageFact[] = [];
  let files: FileObserver | undefined;
  const session = await observe(mode, `read _; ${script}`, {
    cwd,
    env: { HOME: home, C: cookies },
    onTouched: (file, at) => files?.touched(file, at),
  });
  files = new FileObserver({
    home,
    cwd,
    bodycamHome: join(home, ".local/share/bodycam"),
    list,
    processes: session.observer,
    onFact: (fact) => facts.push(fact),
    onCoverage: (fact) => coverage.push(fact),
  });
  await files.start();
  return {
    session,
    home,
    cookies,
    files,
    facts,
    coverage,
    go: () => session.child.stdin?.write("\n"),
    done: async () => {
      await session.exit;
      await session.observer.stop();
      await files.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const readers: readonly (readonly [string, string, string, () => boolean])[] = [
  ["cp", 'cp "$C" copy', "cp", () => true],
  ["cat through a hard link", "cat ../hard >/dev/null", "cat", () => true],
  ["cat through a symbolic link", "cat ../soft >/dev/null", "cat", () => true],
  [
    "sqlite3",
    'sqlite3 "$C" "select * from cookies" >/dev/null',
    "sqlite3",
    () => find("sqlite3", PATH) !== undefined,
  ],
  [
    "python -c",
    `python3 -c 'import os; open(os.environ["HOME"] + "/.config/google-chrome/Default/Cookies","rb").read()'`,
    "python3",
    () => find("python3", PATH) !== undefined,
  ],
  [
    "a python script",
    'printf \'import os\\nopen(os.path.expanduser("~/.config/google-chrome/Default/Cookies"),"rb").read()\\n\' >s.py; python3 s.py',
    "python3",
    () => find("python3", PATH) !== undefined,
  ],
  ["a shell's redirection", 'bash -c "while read -r -N 100 x; do :; done <\\"$C\\""', "bash", () => true],
  ["head in a pipeline in a subshell", '(head -c 10 "$C" | wc -c) >/dev/null', "head", () => true],
  ["a daemon", 'setsid sh -c "cat \\"$C\\" >/dev/null" </dev/null & wait', "cat", () => true],
];

describe.skipIf(!straceWorks || !watches)("the reader of a sensitive file", () => {
  it.each(readers.filter(([, , , can]) => can()))("is found: %s", async (_, script, program) => {
    const guard = await guarded(script);
    guard.go();
    await expect.poll(() => guard.facts.find(({ by }) => by !== undefined)).toBeDefined();
    const fact = guard.facts.find(({ by }) => by !== undefined) as FileFact;
    expect(fact).toMatchObject({ path: guard.cookies, store: "a Chromium browser's login cookies" });
    expect(fact.by?.command.split(" ")[0]).toBe(program);
    expect(guard.session.observer.belongs(fact.by?.pid as number)).toBe(true);
    await guard.done();
  });

  it.skipIf(compiler === undefined)("is found: a static program", async () => {
    const guard = await guarded('./reader "$C"; ./fixed');
    const source = (path: string): string =>
      `#include <fcntl.h>\n#include <unistd.h>\nint main(int n,char**v){char b[4096];int f=open(${path},O_RDONLY);while(read(f,b,4096)>0);close(f);return 0;}\n`;
    for (const [name, path] of [
      ["reader", "v[1]"],
      ["fixed", JSON.stringify(join(guard.home, ".ssh/id_ed25519"))],
    ] as const) {
      writeFileSync(join(guard.session.cwd, `${name}.c`), source(path));
      execFileSync(compiler as string, ["-static", "-o", name, `${name}.c`], { cwd: guard.session.cwd });
    }
    guard.go();
    const found = (): string[] =>
      guard.facts.flatMap(({ store, by }) =>
        by === undefined ? [] : [`${store}: ${by.command.split(" ")[0]}`],
      );
    await expect.poll(found).toEqual(["a Chromium browser's login cookies: ./reader", "an SSH key: ./fixed"]);
    await guard.done();
  });

  it("is nobody when a program beside the session reads it, whatever the session does meanwhile", async () => {
    const guard = await guarded("for i in $(seq 50); do /bin/true; ls ../.ssh >/dev/null; sleep 0.01; done");
    guard.go();
    for (let i = 0; i < 5; i++) execFileSync("cat", [guard.cookies]);
    execFileSync("cp", [join(guard.home, ".ssh/id_ed25519"), join(guard.home, "other")]);
    await expect.poll(() => guard.facts.map(({ store }) => store)).toContain("an SSH key");
    await guard.done();
    expect(guard.facts.length).toBeGreaterThan(0);
    expect(guard.facts.filter(({ by }) => by !== undefined)).toEqual([]);
  });

  it("sees files that come into being, writes, links and deletes", async () => {
    const guard = await guarded(
      "echo A=1 >.env; sleep 0.3; cat .env >/dev/null; ln ../.ssh/id_ed25519 key; sleep 0.2; rm ../.ssh/id_ed25519 key",
    );
    guard.go();
    await expect.poll(() => guard.facts.some(({ what }) => what === "delete")).toBe(true);
    await guard.done();
    const seen = guard.facts.map(({ what, store, by }) => `${by?.command.split(" ")[0]} ${what} ${store}`);
    expect(seen).toContain("cat read a file of secrets in the project");
    expect(seen).toContain("ln link an SSH key");
    expect(seen).toContain("rm delete an SSH key");
  });

  it("is the kernel's word with full, also for a file that came a moment ago", async () => {
    const guard = await guarded("echo A=1 >.env; cat .env >/dev/null", "full");
    guard.go();
    await guard.done();
    const seen = guard.facts.map(({ what, store, by }) => `${by?.command.split(" ")[0]} ${what} ${store}`);
    expect(seen).toContain("cat open a file of secrets in the project");
  });

  it("says what is watched, and when it ended", async () => {
    const guard = await guarded("true");
    guard.go();
    await guard.done();
    expect(guard.coverage.map(({ source, state }) => `${source} ${state}`)).toEqual([
      "inotify on",
      "inotify off",
    ]);
  });
});

describe.skipIf(!watches)("the watch", () => {
  /** inotifywait processes below this one. */
  const watchers = (): number[] => {
    const below = (pid: number): boolean =>
      pid === process.pid || (pid > 1 && below(statOf(pid)?.parent ?? 0));
    return allProcesses().filter((pid) => programInProc(pid)?.argv[0] === "inotifywait" && below(pid));
  };

  const start = (paths: readonly string[]) => {
    const ends: string[] = [];
    let resolve = (): void => {};
    const ready = new Promise<void>((done) => {
      resolve = done;
    });
    const watch = new Inotify(paths, ["delete_self"], {
      event: () => {},
      ready: () => resolve(),
      failed: (why) => {
        ends.push(why);
        resolve();
      },
    });
    return { watch, ends, ready };
  };

  it("leaves no process behind when its pipe is closed", async () => {
    const { watch, ends, ready } = start([tmpdir()]);
    await ready;
    expect(watchers()).toHaveLength(1);
    watch.stop();
    await expect.poll(watchers).toEqual([]);
    expect(ends).toEqual([]);
  });

  it("says that it ended when it is killed", async () => {
    const { ends, ready } = start([tmpdir()]);
    await ready;
    for (const pid of watchers()) process.kill(pid, "SIGKILL");
    await expect.poll(() => ends).toEqual(["ended"]);
    expect(watchers()).toEqual([]);
  });
});
