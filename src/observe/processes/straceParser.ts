import { resolve } from "node:path";
import type { ProcessFact } from "../../core/observation.js";
import { LineSplitter } from "./lineSplitter.js";
import { type KnownProcess, ProcessTree } from "./processTree.js";
import { scopeOf } from "./scope.js";
import { type Argument, type Call, readCall } from "./straceArguments.js";
import { connectionOf, isCloning, isThread, programOf } from "./straceCalls.js";
import { readLine, type StraceLine } from "./straceLine.js";
import { Targets } from "./targets.js";

/** A file that a process is known to have opened or read, by a system call of its own. */
export interface TouchedFile {
  readonly pid: number;
  /** Absolute. What the file descriptor stands for where the kernel says it, so without symbolic links. */
  readonly path: string;
  readonly access: "open" | "read" | "write";
}

/** What a parser needs to ask the system; everything may answer "not known". */
export interface SystemView {
  parentOf(pid: number): number | undefined;
  /** The path without symbolic links, or itself. */
  realPath(path: string): string;
  /** The program of a process that forbade its tracer to read its memory. */
  programOf(pid: number): { readonly image: string; readonly argv: readonly string[] } | undefined;
}

export interface StraceParserOptions {
  /** The working directory of the first process, without symbolic links. */
  readonly cwd: string;
  readonly temporary: readonly string[];
  /** `at`: microseconds since 1970. */
  readonly onFact: (fact: ProcessFact, at: number) => void;
  readonly onTouched: (file: TouchedFile, at: number) => void;
  /** A debugger inside the session was refused because the session is traced itself. */
  readonly onDebuggerRefused: (pid: number) => void;
  readonly system: SystemView;
}

/** A call that has begun and not ended. */
interface Pending {
  readonly name: string;
  readonly rest: string;
}

/** The lines of a process whose parent is not known yet. */
interface Held {
  readonly lines: StraceLine[];
  /** Who was just making a process when the first of them came: its parent is among them. */
  readonly parents: readonly number[];
}

const MAX_PENDING = 65_536;
/** How many lines may wait for the number of their process's parent. */
const MAX_HELD = 1024;
const OPEN_FLAGS: Readonly<Record<string, number>> = { open: 1, openat: 2, openat2: 2, creat: -1 };

/**
 * Turns strace's output into facts, in the order of the lines. Never throws, whatever comes; memory is bounded.
 *
 * A child's first lines may come before the line that tells who its parent is (always so with vfork). They are held
 * until that line, which is never far.
 */
export class StraceParser {
  readonly tree = new ProcessTree();
  readonly #options: StraceParserOptions;
  readonly #splitter = new LineSplitter((text) => this.#line(text));
  readonly #pending = new Map<number, Pending>();
  readonly #cloning = new Set<number>();
  readonly #held = new Map<number, Held>();
  readonly #targets = new Targets();
  #heldLines = 0;
  #root: number | undefined;

  constructor(options: StraceParserOptions) {
    this.#options = options;
  }

  push(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  /** Nothing more comes: what waits is taken as it is. */
  end(): void {
    this.#splitter.end();
    for (const pid of [...this.#held.keys()]) this.#adopt(pid, this.#guessParent(pid));
  }

  #line(text: string): void {
    const line = readLine(text);
    if (line === undefined) return;
    if (this.#root === undefined) {
      this.#root = line.pid;
      this.tree.add(line.pid, this.#options.system.parentOf(line.pid) ?? 0, this.#options.cwd, line.at);
    }
    if (this.tree.alive(line.pid) !== undefined || this.#pending.has(line.pid)) this.#take(line);
    else this.#takeUnknown(line);
  }

  #takeUnknown(line: StraceLine): void {
    const held = this.#held.get(line.pid);
    const waits = held?.parents.some((pid) => this.#cloning.has(pid)) ?? this.#cloning.size > 0;
    if (waits && this.#heldLines < MAX_HELD) {
      if (held === undefined) this.#held.set(line.pid, { lines: [line], parents: [...this.#cloning] });
      else held.lines.push(line);
      this.#heldLines++;
      return;
    }
    this.#adopt(line.pid, this.#guessParent(line.pid), line.at);
    this.#take(line);
  }

  #guessParent(pid: number): number {
    const parents = this.#held.get(pid)?.parents ?? [];
    return (parents.length === 1 ? parents[0] : this.#options.system.parentOf(pid)) ?? 0;
  }

  /** Gives a process its parent, and its held lines their turn. */
  #adopt(pid: number, parent: number, at?: number): void {
    const held = this.#held.get(pid);
    if (this.tree.alive(pid) === undefined) {
      const cwd = this.tree.known(parent)?.cwd ?? this.#options.cwd;
      this.tree.add(pid, parent, cwd, at ?? held?.lines[0]?.at ?? 0);
    }
    if (held === undefined) return;
    this.#held.delete(pid);
    this.#heldLines -= held.lines.length;
    for (const line of held.lines) this.#take(line);
  }

  #take(line: StraceLine): void {
    switch (line.kind) {
      case "call":
        this.#call(line.pid, line.at, line.name, line.rest);
        return;
      case "begun": {
        if (this.#pending.size >= MAX_PENDING) return;
        const pid = line.movedTo ?? line.pid;
        this.#pending.set(pid, { name: line.name, rest: line.rest });
        if (isCloning(line.name)) this.#cloning.add(pid);
        return;
      }
      case "resumed": {
        const pending = this.#pending.get(line.pid);
        this.#pending.delete(line.pid);
        this.#cloning.delete(line.pid);
        if (pending?.name === line.name) this.#call(line.pid, line.at, line.name, pending.rest + line.rest);
        return;
      }
      case "exited":
        this.#ended(line.pid, line.at, line.code, null);
        return;
      case "killed":
        this.#ended(line.pid, line.at, null, line.signal);
        return;
      case "superseded":
        this.tree.end(line.by, line.at);
        return;
      default:
        line satisfies never;
    }
  }

  #ended(id: number, at: number, code: number | null, signal: string | null): void {
    this.#pending.delete(id);
    this.#cloning.delete(id);
    const process = this.tree.end(id, at);
    if (process !== undefined) this.#options.onFact({ what: "exit", pid: process.pid, code, signal }, at);
  }

  #call(id: number, at: number, name: string, rest: string): void {
    const process = this.tree.alive(id);
    if (process === undefined) return;
    const call = readCall(rest);
    const failed = call.error !== undefined || (call.result !== undefined && call.result < 0);
    switch (name) {
      case "execve":
      case "execveat":
        if (!failed && call.result === 0) this.#exec(process, at, name, call);
        return;
      case "clone":
      case "clone3":
      case "fork":
      case "vfork":
        if (!failed) this.#cloned(process, at, rest, call);
        return;
      case "chdir":
      case "fchdir": {
        const to = name === "chdir" ? textOf(call.args[0]) : pathOf(call.args[0]);
        if (!failed && to !== undefined)
          process.cwd = this.#options.system.realPath(resolve(process.cwd, to));
        return;
      }
      case "connect": {
        const to = connectionOf(call);
        if (to !== undefined) this.#options.onFact({ what: "connect", pid: process.pid, ...to }, at);
        return;
      }
      case "unlink":
      case "rmdir":
        this.#deleted(process, at, failed, this.#path(process, undefined, call.args[0]));
        return;
      case "unlinkat":
        this.#deleted(process, at, failed, this.#path(process, call.args[0], call.args[1]));
        return;
      case "rename":
        this.#renamed(
          process,
          at,
          call,
          this.#path(process, undefined, call.args[0]),
          this.#path(process, undefined, call.args[1]),
        );
        return;
      case "renameat":
      case "renameat2":
        this.#renamed(
          process,
          at,
          call,
          this.#path(process, call.args[0], call.args[1]),
          this.#path(process, call.args[2], call.args[3]),
        );
        return;
      case "truncate":
        if (!failed) this.#truncated(process, at, this.#path(process, undefined, call.args[0]));
        return;
      case "creat":
      case "open":
      case "openat":
      case "openat2":
        if (!failed) this.#opened(process, at, name, call);
        return;
      case "fadvise64":
      case "copy_file_range":
        this.#read(process, at, pathOf(call.args[0]));
        return;
      case "ptrace":
        if (call.error === "EPERM") this.#options.onDebuggerRefused(process.pid);
        return;
    }
  }

  #exec(process: KnownProcess, at: number, name: string, call: Call): void {
    const program = programOf(name, call, process.cwd) ??
      this.#options.system.programOf(process.pid) ?? { image: "", argv: [] };
    process.image = program.image;
    process.argv = program.argv;
    process.execAt = at;
    const { pid, parent: ppid, cwd } = process;
    this.#options.onFact({ what: "exec", pid, ppid, cwd, ...program }, at);
  }

  #cloned(process: KnownProcess, at: number, rest: string, call: Call): void {
    const told = call.translated ?? call.result;
    if (told === undefined || told <= 0) return;
    const child = this.#childOf(process.pid, told);
    if (isThread(rest)) {
      this.tree.addThread(child, process.pid);
    } else {
      const known = this.tree.alive(child);
      if (known === undefined || known.pid !== child) this.tree.add(child, process.pid, process.cwd, at);
      this.#options.onFact({ what: "fork", pid: process.pid, child }, at);
    }
    this.#adopt(child, process.pid, at);
  }

  /**
   * The child that a clone made, in the tracer's numbers. strace can't translate the number of a child in a namespace
   * of its own that has ended meanwhile; but its lines were held, and only this parent was just making one.
   */
  #childOf(parent: number, told: number): number {
    if (this.#held.has(told)) return told;
    for (const [pid, { parents }] of this.#held)
      if (parents.length === 1 && parents[0] === parent) return pid;
    return told;
  }

  #deleted(process: KnownProcess, at: number, failed: boolean, path: string | undefined): void {
    if (failed || path === undefined) return;
    this.#targets.gone(path);
    this.#options.onFact({ what: "delete", pid: process.pid, path, scope: this.#scope(path) }, at);
  }

  #renamed(
    process: KnownProcess,
    at: number,
    call: Call,
    from: string | undefined,
    to: string | undefined,
  ): void {
    if (from === undefined || to === undefined) return;
    if (call.error === "EEXIST") this.#targets.exists(to);
    if (call.result !== 0 || from === to) return;
    const overwrote = this.#targets.has(to);
    this.#targets.gone(from);
    this.#targets.exists(to);
    // Where either end is outside, the act reaches outside.
    const scopes = [this.#scope(from), this.#scope(to)];
    const scope = scopes.find((s) => s === "outside") ?? scopes.find((s) => s === "temporary") ?? "inside";
    this.#options.onFact({ what: "rename", pid: process.pid, from, to, scope, overwrote }, at);
  }

  #truncated(process: KnownProcess, at: number, path: string | undefined): void {
    if (path === undefined) return;
    this.#options.onFact({ what: "truncate", pid: process.pid, path, scope: this.#scope(path) }, at);
  }

  #opened(process: KnownProcess, at: number, name: string, call: Call): void {
    const dir = name === "openat" || name === "openat2" ? call.args[0] : undefined;
    const path = call.resultPath ?? this.#path(process, dir, call.args[dir === undefined ? 0 : 1]);
    if (path === undefined) return;
    const flags = call.args[OPEN_FLAGS[name] as number];
    const words = flags?.kind === "word" ? flags.word : "";
    const write = name === "creat" || /O_WRONLY|O_RDWR/.test(words);
    this.#options.onTouched({ pid: process.pid, path, access: write ? "write" : "open" }, at);
    if (name === "creat" || (write && words.includes("O_TRUNC"))) this.#truncated(process, at, path);
  }

  #read(process: KnownProcess, at: number, path: string | undefined): void {
    if (path !== undefined) this.#options.onTouched({ pid: process.pid, path, access: "read" }, at);
  }

  #scope(path: string) {
    return scopeOf(path, this.#options.cwd, this.#options.temporary);
  }

  /** The absolute path that a directory and a path argument name. */
  #path(process: KnownProcess, directory: Argument | undefined, argument: Argument | undefined) {
    const text = textOf(argument);
    if (text === undefined || text === "") return undefined;
    const from = pathOf(directory);
    // The kernel's own word on the working directory is better than following chdir.
    if (from !== undefined && directory?.kind === "word" && directory.word.startsWith("AT_FDCWD"))
      process.cwd = from;
    return resolve(from ?? process.cwd, text);
  }
}

const textOf = (argument: Argument | undefined): string | undefined =>
  argument?.kind === "text" && !argument.cut ? argument.text : undefined;

const pathOf = (argument: Argument | undefined): string | undefined =>
  argument?.kind === "word" ? argument.path : undefined;
