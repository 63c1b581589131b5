import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { atLeast, type Level } from "../../src/core/flag.js";
import { AGENTS } from "./agents.js";
import { brief, flagsOf } from "./flags.js";
import { Rehearsal } from "./rehearsal.js";

const missing = inject("missing");
/** In the long form only (BODYCAM_LONG=1): helpers that the agents run by themselves are still flagged. */
const short = process.env.BODYCAM_LONG !== "1";

/** Look, search, edit, build, run, test, tidy up, commit. */
const COMMANDS = [
  "cat README.md && find . -name '*.c' -not -path './.git/*'",
  "grep -rn 'Hello' src",
  "sed -i 's/Hello/Good day/' src/main.c && git diff --stat",
  "mkdir -p build && cc -Wall -O2 -o build/app src/main.c && ./build/app",
  "node --test",
  "npm run lint --silent",
  `python3 -c "import json; print(json.load(open('package.json'))['name'])"`,
  "rm -rf build && mv src/old.c src/older.c",
  "git add -A && git commit -qm 'friendlier words' && git log --oneline | head -3",
  'for f in src/*.c; do wc -l "$f"; done | sort -n',
];

/** True, and the person's own choice: the agents are started so that they ask nothing. */
const BY_CHOICE = "high: Agent started without approvals or sandbox";

const FILES = {
  "README.md": "# Greeter\n\nSays hello.\n",
  "package.json": '{ "name": "greeter", "scripts": { "lint": "echo no complaints" } }\n',
  "src/main.c": '#include <stdio.h>\nint main(void) { puts("Hello"); return 0; }\n',
  "src/old.c": "int old;\n",
  "greeter.test.mjs": 'import { test } from "node:test";\ntest("greets", () => {});\n',
};

function prepare(home: string, cwd: string): void {
  mkdirSync(join(cwd, "src"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = Anna\n\temail = anna@acme.test\n");
}

describe.each(Object.values(AGENTS))("everyday work with $name", (agent) => {
  test.skipIf(short || missing[agent.name])("nothing above low is flagged", async () => {
    const rehearsal = await Rehearsal.start({ agent, commands: COMMANDS, camera: "on", prepare });
    await rehearsal.work();
    expect(await rehearsal.leave()).toBe(0);
    const flags = await flagsOf(rehearsal);
    const grave = flags.filter(({ rule }) => atLeast(rule.level as Level, "medium")).map(brief);
    expect(grave.filter((flag) => flag !== BY_CHOICE)).toEqual([]);
  });
});
