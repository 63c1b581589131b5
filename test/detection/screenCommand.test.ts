import { describe, expect, test } from "vitest";
import { screenCommand } from "../../src/detection/screenCommand.js";

describe("commands on a screen", () => {
  test.each([
    ["$ ls -la", "ls -la"],
    ["user@host:~/project$ rm -rf x", "rm -rf x"],
    ["root@3f2a:/# rm -rf x", "rm -rf x"],
    ["[anna@box project]$ rm -rf x", "rm -rf x"],
    ["(venv) anna@box:~/p$ pytest", "pytest"],
    ["anna@mac project % git push --force", "git push --force"],
    ["bash-5.2$ id", "id"],
    ["➜  project git:(main) ✗ git push -f", "git push -f"],
    ["❯ git push --force", "git push --force"],
    ["> tsc --noEmit", "tsc --noEmit"],
    ["+ rm -rf build", "rm -rf build"],
    ["• Ran terraform destroy", "terraform destroy"],
    ["• Running terraform destroy (12s • esc to interrupt)", "terraform destroy"],
    ["└ Read ~/.ssh/id_rsa", "cat '~/.ssh/id_rsa'"],
    ["⏺ Bash(rm -rf x)", "rm -rf x"],
    ["● Bash(psql -c 'select (1)')", "psql -c 'select (1)'"],
    ["⏺ Read(/home/u/.aws/credentials)", "cat '/home/u/.aws/credentials'"],
    ["✓  Shell rm -rf x [current working directory /w] (Remove x)", "rm -rf x"],
    ["/bin/bash -lc 'rm -rf x' in /w", "/bin/bash -lc 'rm -rf x'"],
  ])("%s", (line, command) => {
    expect(screenCommand(line)).toBe(command);
  });

  test.each([
    "",
    "rm -rf x",
    "# Install",
    "# rm -rf /",
    "> the cookies are in the profile",
    "> please delete everything in ~/old",
    "> Note: this is a quote.",
    "❯ fix the failing tests and push",
    "+ // rm is not called here",
    "+ Added the new option to the parser.",
    "Total: $ 12.50",
    "costs 5 $ a month",
    "100% done",
    "I will run $ rm -rf x now",
    "• Ran",
    "bash -lc 'cd infra && terraform destroy'",
  ])("%s is none", (line) => {
    expect(screenCommand(line)).toBeUndefined();
  });

  test("a long hostile line takes no time", () => {
    for (const piece of ["$ ", "> ", "a@b:", "(", "• Ran (", "[", "~/", "➜ ", "' "])
      screenCommand(piece.repeat(Math.floor(16_000 / piece.length)));
  });
});
