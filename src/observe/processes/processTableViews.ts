import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lastStartedInProc, type ProcessTableView, type TableRow } from "./processTable.js";
import { allProcesses, cwdInProc, hasVariable, programInProc, statOf } from "./procfs.js";

/** A variable in the environment that every process of the session inherits. */
export interface SessionMark {
  readonly name: string;
  readonly value: string;
}

/** Linux: /proc. */
export function linuxTable(mark: SessionMark | undefined): ProcessTableView {
  return {
    rows: async () => {
      const rows = new Map<number, TableRow>();
      for (const pid of allProcesses()) {
        const stat = statOf(pid);
        if (stat !== undefined) rows.set(pid, stat);
      }
      return rows;
    },
    programOf: programInProc,
    cwdOf: cwdInProc,
    isMarked: (pid) => mark !== undefined && hasVariable(pid, mark.name, mark.value),
    lastStarted: lastStartedInProc,
  };
}

const run = promisify(execFile);
const ROW = /^\s*(\d+)\s+(\d+)\s+(\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})\s+(.*)$/;

/** One line of `ps -axww -o pid=,ppid=,lstart=,command=`. */
export function readPsLine(
  line: string,
):
  | { readonly pid: number; readonly parent: number; readonly started: string; readonly command: string }
  | undefined {
  const row = ROW.exec(line);
  if (row === null) return undefined;
  return {
    pid: Number(row[1]),
    parent: Number(row[2]),
    started: row[3] as string,
    command: row[4] as string,
  };
}

/** macOS and others: `ps`. It joins arguments with spaces, so they are taken apart at spaces. */
export function psTable(): ProcessTableView {
  let programs = new Map<number, { image: string; argv: readonly string[] }>();
  return {
    rows: async () => {
      const { stdout } = await run("ps", ["-axww", "-o", "pid=,ppid=,lstart=,command="], {
        maxBuffer: 64 * 1024 * 1024,
        env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
      });
      const rows = new Map<number, TableRow>();
      programs = new Map();
      for (const line of stdout.split("\n")) {
        const row = readPsLine(line);
        if (row === undefined) continue;
        rows.set(row.pid, { parent: row.parent, session: undefined, started: row.started });
        const argv = row.command.split(" ");
        programs.set(row.pid, { image: argv[0] ?? "", argv });
      }
      return rows;
    },
    programOf: (pid) => programs.get(pid),
    cwdOf: () => undefined,
    isMarked: () => false,
    lastStarted: () => undefined,
  };
}
