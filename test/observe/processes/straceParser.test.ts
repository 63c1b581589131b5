import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProcessFact } from "../../../src/core/observation.js";
import { readString } from "../../../src/observe/processes/straceArguments.js";
import { StraceParser, type TouchedFile } from "../../../src/observe/processes/straceParser.js";

function parse(text: string | readonly Uint8Array[]) {
  const facts: ProcessFact[] = [];
  const touched: TouchedFile[] = [];
  const refused: number[] = [];
  const parser = new StraceParser({
    cwd: "/home/u/work",
    temporary: ["/tmp"],
    onFact: (fact) => facts.push(fact),
    onTouched: (file) => touched.push(file),
    onDebuggerRefused: (pid) => refused.push(pid),
    system: { parentOf: () => 7, realPath: (path) => path, programOf: () => undefined },
  });
  for (const piece of typeof text === "string" ? [Buffer.from(text, "latin1")] : text) parser.push(piece);
  parser.end();
  return { facts, touched, refused, parser };
}

const lines = (...texts: readonly string[]): string =>
  texts.map((text) => text.replace(/^(\d+) /, "$1 1795565191.889916 ")).join("\n");

const START = '10 execve("/usr/bin/bash", ["bash"], 0x7ffe39822a08 /* 39 vars */) = 0';

describe("strace's lines become facts", () => {
  it("tells the whole life of a child: parent, program, arguments, directory, end", () => {
    const { facts } = parse(
      lines(
        START,
        '10 chdir("sub") = 0',
        "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7ff1b9e46a10) = 11",
        '11 execve("./tool", ["./tool", "a b", "\\"q\\"", "\\303\\251\\n"], 0x55 /* 39 vars */) = 0',
        "11 +++ exited with 3 +++",
        "10 +++ killed by SIGKILL +++",
      ),
    );
    expect(facts).toEqual([
      {
        what: "exec",
        pid: 10,
        ppid: 7,
        image: "/usr/bin/bash",
        argv: ["bash"],
        cwd: "/home/u/work",
      },
      { what: "fork", pid: 10, child: 11 },
      {
        what: "exec",
        pid: 11,
        ppid: 10,
        image: "/home/u/work/sub/tool",
        argv: ["./tool", "a b", '"q"', "é\n"],
        cwd: "/home/u/work/sub",
      },
      { what: "exit", pid: 11, code: 3, signal: null },
      { what: "exit", pid: 10, code: null, signal: "SIGKILL" },
    ]);
  });

  it("waits for a vfork to say whose child it was", () => {
    const { facts } = parse(
      lines(
        START,
        '10 chdir("/srv") = 0',
        "10 vfork( <unfinished ...>",
        '12 execve("/usr/local/bin/ls", ["ls"], 0x7ffc /* 2 vars */) = -1 ENOENT (No such file or directory)',
        '12 execve("/usr/bin/ls", ["ls"], 0x7ffc /* 2 vars */ <unfinished ...>',
        "10 <... vfork resumed>) = 12",
        "12 <... execve resumed>) = 0",
        "12 +++ exited with 0 +++",
      ),
    );
    expect(facts.slice(1)).toEqual([
      { what: "fork", pid: 10, child: 12 },
      { what: "exec", pid: 12, ppid: 10, image: "/usr/bin/ls", argv: ["ls"], cwd: "/srv" },
      { what: "exit", pid: 12, code: 0, signal: null },
    ]);
  });

  it("takes a thread's acts for its process's, also when the thread runs a new program", () => {
    const { facts } = parse(
      lines(
        START,
        "10 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0}, 88) = 13",
        '13 unlink("/etc/x") = 0',
        '13 execve("/bin/true", ["true"], 0x7ffc /* 2 vars */ <pid changed to 10 ...>',
        "10 +++ superseded by execve in pid 13 +++",
        "10 <... execve resumed>) = 0",
        "10 +++ exited with 0 +++",
      ),
    );
    expect(facts.slice(1)).toEqual([
      { what: "delete", pid: 10, path: "/etc/x", scope: "outside" },
      { what: "exec", pid: 10, ppid: 7, image: "/bin/true", argv: ["true"], cwd: "/home/u/work" },
      { what: "exit", pid: 10, code: 0, signal: null },
    ]);
  });

  it("resolves paths by the directory that the kernel names, with scope", () => {
    const { facts } = parse(
      lines(
        START,
        '10 unlinkat(5</home/u/.config/a b\\76>, "c", 0) = 0',
        '10 unlinkat(AT_FDCWD</home/u/work/deep>, "../x", 0) = 0',
        '10 rmdir("y") = 0',
        '10 unlink("/tmp/z") = 0',
        '10 unlink("gone") = -1 ENOENT (No such file or directory)',
        '10 truncate("/var/log/t", 0) = 0',
      ),
    );
    expect(facts.slice(1)).toEqual([
      { what: "delete", pid: 10, path: "/home/u/.config/a b>/c", scope: "outside" },
      { what: "delete", pid: 10, path: "/home/u/work/x", scope: "inside" },
      { what: "delete", pid: 10, path: "/home/u/work/deep/y", scope: "inside" },
      { what: "delete", pid: 10, path: "/tmp/z", scope: "temporary" },
      { what: "truncate", pid: 10, path: "/var/log/t", scope: "outside" },
    ]);
  });

  it("knows that mv overwrote: by its own question, and by what went there before", () => {
    const at = "AT_FDCWD</home/u/work>";
    const { facts } = parse(
      lines(
        START,
        `10 renameat2(${at}, "a", ${at}, "t", RENAME_NOREPLACE) = 0`,
        `10 renameat2(${at}, "b", ${at}, "t", RENAME_NOREPLACE) = -1 EEXIST (File exists)`,
        `10 renameat(${at}, "b", ${at}, "t") = 0`,
        '10 rename("c", "t") = 0',
        '10 unlink("t") = 0',
        '10 rename("d", "t") = 0',
        '10 rename("t", "/srv/t") = 0',
      ),
    );
    expect(
      facts.flatMap((fact) => (fact.what === "rename" ? [[fact.from, fact.overwrote, fact.scope]] : [])),
    ).toEqual([
      ["/home/u/work/a", false, "inside"],
      ["/home/u/work/b", true, "inside"],
      ["/home/u/work/c", true, "inside"],
      ["/home/u/work/d", false, "inside"],
      ["/home/u/work/t", false, "outside"],
    ]);
  });

  it("reads addresses of every family", () => {
    const { facts } = parse(
      lines(
        START,
        '10 connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("1.2.3.4")}, 16) = -1 EINPROGRESS (Operation now in progress)',
        '10 connect(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(22), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        '10 connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/run/docker.sock"}, 110) = 0',
        '10 connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=@"bus"}, 110) = 0',
        '10 connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/run/nscd"}, 110) = -1 ENOENT (No such file or directory)',
        '10 connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("1.2.3.4")}, 16) = 0',
        '10 connect(3<socket:[1]>, {sa_family=AF_UNSPEC, sa_data="\\0"}, 16) = 0',
      ),
    );
    expect(facts.slice(1).map((f) => (f.what === "connect" ? `${f.address} ${f.port}` : f.what))).toEqual([
      "1.2.3.4 443",
      "::1 22",
      "/run/docker.sock 0",
      "@bus 0",
    ]);
  });

  it("is not fooled by what programs put into their own arguments", () => {
    const { facts } = parse(
      lines(
        START,
        '10 execve("/bin/echo", ["echo", ") = -1 ENOENT", "<unfinished ...>", "], 0x0) = 0\\n99 1.000000 +++ exited with 0 +++"], 0x7f /* 1 var */) = 0',
      ),
    );
    expect(facts.at(-1)).toMatchObject({
      what: "exec",
      argv: ["echo", ") = -1 ENOENT", "<unfinished ...>", "], 0x0) = 0\n99 1.000000 +++ exited with 0 +++"],
    });
    expect(facts).toHaveLength(2);
  });

  it("marks what strace cut", () => {
    const { facts } = parse(lines(START, '10 execve("/bin/a", ["a", "long"..., ...], 0x7f /* 1 var */) = 0'));
    expect(facts.at(-1)).toMatchObject({ argv: ["a", "long…"] });
  });

  it("names readers, opened files and a refused debugger", () => {
    const { facts, touched, refused } = parse(
      lines(
        START,
        "10 fadvise64(3</home/u/Cookies>, 0, 0, POSIX_FADV_SEQUENTIAL) = 0",
        '10 openat(AT_FDCWD</home/u/work>, "link", O_RDONLY|O_CLOEXEC) = 3</home/u/.ssh/id_rsa>',
        '10 openat(AT_FDCWD</home/u/work>, "out", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4</srv/out>',
        "10 ptrace(PTRACE_TRACEME) = -1 EPERM (Operation not permitted)",
      ),
    );
    expect(touched).toEqual([
      { pid: 10, path: "/home/u/Cookies", access: "read" },
      { pid: 10, path: "/home/u/.ssh/id_rsa", access: "open" },
      { pid: 10, path: "/srv/out", access: "write" },
    ]);
    expect(facts.at(-1)).toEqual({ what: "truncate", pid: 10, path: "/srv/out", scope: "outside" });
    expect(refused).toEqual([10]);
  });

  it("waits for the parent of a child that is gone before its parent has heard of it", () => {
    const { facts, parser } = parse(
      lines(
        START,
        "10 vfork( <unfinished ...>",
        '11 execve("/usr/bin/uname", ["uname"], 0x55 /* 1 var */) = 0',
        "11 +++ exited with 0 +++",
        "10 <... vfork resumed>) = 11",
        "10 +++ exited with 0 +++",
      ),
    );
    expect(facts.slice(1)).toMatchObject([
      { what: "fork", pid: 10, child: 11 },
      { what: "exec", pid: 11, ppid: 10 },
      { what: "exit", pid: 11, code: 0 },
      { what: "exit", pid: 10 },
    ]);
    expect(parser.tree.living()).toEqual([]);
  });

  it("knows the child in a PID namespace that was gone when its number was translated", () => {
    const { facts } = parse(
      lines(
        START,
        "10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
        '31 execve("/usr/bin/uname", ["uname"], 0x55 /* 1 var */) = 0',
        "10 <... clone resumed>) = 2",
        "31 +++ exited with 0 +++",
      ),
    );
    expect(facts).toContainEqual({ what: "fork", pid: 10, child: 31 });
    expect(facts).toContainEqual(expect.objectContaining({ what: "exec", pid: 31, ppid: 10 }));
  });

  it("uses the tracer's number for a process in a PID namespace of its own", () => {
    const { facts } = parse(
      lines(
        START,
        "10 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 31 in strace's PID NS */",
        '31 execve("/bin/a", ["a"], 0x7f /* 1 var */) = 0',
      ),
    );
    expect(facts.at(-1)).toMatchObject({ what: "exec", pid: 31, ppid: 10 });
  });
});

describe("hostile input", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "10 1795565191.889916 ",
      "11 1795565191.889916 ",
      "execve(",
      "clone(",
      "vfork( <unfinished ...>",
      "<... vfork resumed>) = 11",
      "unlinkat(AT_FDCWD</a>, ",
      '"',
      '"..."',
      "...",
      "\\",
      "\\377",
      "[",
      "]",
      "{",
      "}",
      ")",
      ") = 0",
      ") = 18446744073709551615",
      ", ",
      "<",
      ">",
      "/*",
      "+++ exited with 0 +++",
      "+++ killed by SIGKILL +++",
      "--- SIGCHLD ---",
      " <pid changed to 11 ...>",
      "\n",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );

  it("never throws, and gives absolute paths only", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const { facts } = parse(`${lines(START)}\n${words.join("")}`);
        for (const fact of facts) {
          if (fact.what === "delete") expect(fact.path.startsWith("/")).toBe(true);
          if (fact.what === "rename") expect(fact.to.startsWith("/")).toBe(true);
          if (fact.what === "exec" && fact.image !== "") expect(fact.image.startsWith("/")).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same however the bytes are cut", () => {
    const bytes = Buffer.from(
      lines(START, '10 unlink("/etc/\\303\\251") = 0', "10 +++ exited with 0 +++", ""),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(parse(pieces).facts).toEqual(parse(bytes.toString()).facts);
      }),
    );
  });

  it("gives every string back that strace can quote", () => {
    const quoted = (bytes: Uint8Array): string =>
      `"${[...bytes].map((b) => (b >= 32 && b < 127 && b !== 34 && b !== 92 ? String.fromCharCode(b) : `\\${b.toString(8).padStart(3, "0")}`)).join("")}"`;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(readString(quoted(Buffer.from(text)), 0).text).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it("keeps memory and time bounded with an endless line and endless unknown processes", () => {
    const long = `10 1795565191.889916 execve("/bin/a", ["a", "${"x".repeat(3_000_000)}"], 0x7f /* 1 var */) = 0`;
    const { facts } = parse(`${lines(START)}\n${long}\n`);
    expect(facts.at(-1)).toMatchObject({ what: "exec", image: "/bin/a" });
    const many = Array.from(
      { length: 100_000 },
      (_, i) => `${i + 100} 1795565191.889916 unlink("/x${i}") = 0`,
    ).join("\n");
    const { parser } = parse(`${lines(START)}\n10 1795565191.889916 vfork( <unfinished ...>\n${many}\n`);
    expect(parser.tree.living().length).toBeLessThanOrEqual(65_536);
  });
});
