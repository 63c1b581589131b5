import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A command that an agent is made to run, and programs that must then have been run, as the kernel sees them. */
interface Step {
  readonly command: string;
  /** Argument lists; of the first word only the name counts, wherever the program lies. */
  readonly execs: readonly (readonly string[])[];
}

/** Ten commands, each of another kind. Between them they hold what a screen, a transcript or a tracer could miss. */
export const STEPS: readonly Step[] = [
  // Claude Code shows of this only that one directory was listed, Codex that docs was.
  { command: "ls -la docs", execs: [["ls", "-la", "docs"]] },
  { command: "(cd docs && wc -l guide.md)", execs: [["wc", "-l", "guide.md"]] },
  {
    command: `/usr/bin/python3 -c 'import subprocess; subprocess.run(["uname", "-s"])'`,
    execs: [
      ["python3", "-c", 'import subprocess; subprocess.run(["uname", "-s"])'],
      ["uname", "-s"],
    ],
  },
  {
    command: "setsid -f sleep 71 < /dev/null > /dev/null 2>&1",
    execs: [
      ["setsid", "-f", "sleep", "71"],
      ["sleep", "71"],
    ],
  },
  { command: "./static world", execs: [["static", "world"]] },
  {
    command: "printf 'b\\na\\n' | sort | head -n 1",
    execs: [["sort"], ["head", "-n", "1"]],
  },
  { command: "env GREETING=hi sh -c 'echo $GREETING | tr a-z A-Z'", execs: [["tr", "a-z", "A-Z"]] },
  { command: "git status --short --branch", execs: [["git", "status", "--short", "--branch"]] },
  {
    command: "for n in 1 2; do expr $n + 40; done",
    execs: [
      ["expr", "1", "+", "40"],
      ["expr", "2", "+", "40"],
    ],
  },
  { command: "stat nowhere.txt", execs: [["stat", "nowhere.txt"]] },
];

const STATIC = `#include <stdio.h>
int main(int argc, char **argv) { printf("hello %s\\n", argv[argc - 1]); return 0; }
`;

/** What the steps work on. @throws Error when there is no C compiler that links statically */
export function prepareSteps(_home: string, cwd: string): void {
  mkdirSync(join(cwd, "docs"));
  writeFileSync(join(cwd, "docs", "guide.md"), "# Guide\n\nRead me.\n");
  writeFileSync(join(cwd, "static.c"), STATIC);
  execFileSync("cc", ["-static", "-O1", "-o", join(cwd, "static"), join(cwd, "static.c")]);
}
