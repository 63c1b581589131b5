/** One line of what `strace -f -ttt -o` writes, taken apart as far as it can be without knowing other lines. */
export type StraceLine =
  | {
      readonly kind: "call";
      readonly pid: number;
      readonly at: number;
      readonly name: string;
      readonly rest: string;
    }
  /** The beginning of a call; `rest` has no end yet. `movedTo`: the thread goes on under another number. */
  | {
      readonly kind: "begun";
      readonly pid: number;
      readonly at: number;
      readonly name: string;
      readonly rest: string;
      readonly movedTo: number | undefined;
    }
  | {
      readonly kind: "resumed";
      readonly pid: number;
      readonly at: number;
      readonly name: string;
      readonly rest: string;
    }
  | { readonly kind: "exited"; readonly pid: number; readonly at: number; readonly code: number }
  | { readonly kind: "killed"; readonly pid: number; readonly at: number; readonly signal: string }
  /** A thread that ends because another thread of its process runs a new program. */
  | { readonly kind: "superseded"; readonly pid: number; readonly at: number; readonly by: number };

const HEAD = /^\s*(\d{1,10}) +(\d{1,12})\.(\d{6}) /;
const UNFINISHED = " <unfinished ...>";
const MOVED = /^(.*) <pid changed to (\d{1,10}) \.\.\.>$/s;
const CALL = /^([a-z_][a-z0-9_]*)\(/;
const RESUMED = /^<\.\.\. ([a-z_][a-z0-9_]*) resumed>/;
const EXITED = /^\+\+\+ exited with (\d{1,3}) \+\+\+$/;
const KILLED = /^\+\+\+ killed by (SIG[A-Z0-9_+]{1,12})(?: \(core dumped\))? \+\+\+$/;
const SUPERSEDED = /^\+\+\+ superseded by execve in pid (\d{1,10}) \+\+\+$/;

/**
 * Reads one line (without its line break). Undefined for anything else: signals, notes of strace's, junk. Times are
 * microseconds since 1970. Quoted strings never hold a bare quote, so what follows the last one is strace's own word.
 */
export function readLine(line: string): StraceLine | undefined {
  const head = HEAD.exec(line);
  if (head === null) return undefined;
  const pid = Number(head[1]);
  const at = Number(head[2]) * 1_000_000 + Number(head[3]);
  const text = line.slice(head[0].length);
  switch (text[0]) {
    case "+":
      return readEnd(text, pid, at);
    case "-":
      return undefined;
    case "<": {
      const resumed = RESUMED.exec(text);
      if (resumed === null) return undefined;
      return { kind: "resumed", pid, at, name: resumed[1] as string, rest: text.slice(resumed[0].length) };
    }
  }
  const call = CALL.exec(text);
  if (call === null) return undefined;
  const name = call[1] as string;
  const rest = text.slice(call[0].length);
  if (rest.endsWith(UNFINISHED))
    return { kind: "begun", pid, at, name, rest: rest.slice(0, -UNFINISHED.length), movedTo: undefined };
  const moved = MOVED.exec(rest);
  if (moved !== null)
    return { kind: "begun", pid, at, name, rest: moved[1] as string, movedTo: Number(moved[2]) };
  return { kind: "call", pid, at, name, rest };
}

function readEnd(text: string, pid: number, at: number): StraceLine | undefined {
  const exited = EXITED.exec(text);
  if (exited !== null) return { kind: "exited", pid, at, code: Number(exited[1]) };
  const killed = KILLED.exec(text);
  if (killed !== null) return { kind: "killed", pid, at, signal: killed[1] as string };
  const superseded = SUPERSEDED.exec(text);
  if (superseded !== null) return { kind: "superseded", pid, at, by: Number(superseded[1]) };
  return undefined;
}
