import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Language } from "../../src/detection/code/findings.js";
import { scanCode } from "../../src/detection/code/scan.js";

describe("commands that program text starts", () => {
  test.each<[Language, string, unknown]>([
    ["python", "import os; os.system('git push -f')", { kind: "script", text: "git push -f" }],
    [
      "python",
      "subprocess.run(['git', 'push', '-f'], check=True)",
      { kind: "argv", argv: ["git", "push", "-f"] },
    ],
    [
      "python",
      'cmd = "git push -f"\nsubprocess.call(cmd, shell=True)',
      { kind: "script", text: "git push -f" },
    ],
    [
      "javascript",
      "require('child_process').execSync(`git push -f`)",
      { kind: "script", text: "git push -f" },
    ],
    [
      "javascript",
      "spawn('git', ['push', '-f'], { stdio: 'inherit' })",
      { kind: "argv", argv: ["git", "push", "-f"] },
    ],
    ["ruby", "system 'git push -f'", { kind: "script", text: "git push -f" }],
    ["ruby", "`git push -f`", { kind: "script", text: "git push -f" }],
    ["perl", 'system("git push -f");', { kind: "script", text: "git push -f" }],
    ["php", "shell_exec('git push -f');", { kind: "script", text: "git push -f" }],
  ])("%s: %s", (language, text, command) => {
    expect(scanCode(text, language).commands).toContainEqual(command);
  });

  test.each<[Language, string]>([
    ["python", "print('git push -f')"],
    ["python", "# os.system('git push -f')"],
    ["javascript", "console.log('git push -f') // execSync('git push -f')"],
    ["javascript", "/x/.exec('git push -f')"],
  ])("none in %s: %s", (language, text) => {
    expect(scanCode(text, language).commands).toEqual([]);
  });
});

describe("files that program text uses", () => {
  test.each<[Language, string, unknown]>([
    ["python", "open('/etc/shadow').read()", { act: "read", path: "/etc/shadow" }],
    ["python", "open(os.path.expanduser('~/.ssh/id_rsa'))", { act: "read", path: "~/.ssh/id_rsa" }],
    ["python", "(Path.home() / '.ssh' / 'id_rsa').read_text()", { act: "read", path: "~/.ssh/id_rsa" }],
    ["python", "b = os.environ['HOME']\nopen(f'{b}/.netrc')", { act: "read", path: "~/.netrc" }],
    ["python", "shutil.rmtree('/srv/x')", { act: "delete", path: "/srv/x" }],
    ["python", "os.rename('/a/b', '/c/d')", { act: "rename", path: "/a/b", to: "/c/d" }],
    ["python", "os.listdir('/home')", { act: "list", path: "/home" }],
    ["python", "shutil.copy('/a/x', '/b/y')", { act: "write", path: "/b/y" }],
    [
      "javascript",
      "fs.readFileSync(path.join(os.homedir(), '.aws', 'credentials'))",
      { act: "read", path: "~/.aws/credentials" },
    ],
    [
      "javascript",
      "fs.rmSync(`$" + "{process.env.HOME}/x`, { recursive: true })",
      { act: "delete", path: "~/x" },
    ],
    ["ruby", "File.read(File.join(Dir.home, '.ssh/id_rsa'))", { act: "read", path: "~/.ssh/id_rsa" }],
  ])("%s: %s", (language, text, act) => {
    expect(scanCode(text, language).files).toContainEqual(act);
  });
});

test("statements among the strings", () => {
  const { statements } = scanCode('cur.execute("DROP TABLE users"); print("select one of these")', "python");
  expect(statements).toEqual(["DROP TABLE users"]);
});

describe("hostile text", () => {
  const languages = fc.constantFrom<Language>("python", "javascript", "ruby", "perl", "php");

  test("any text is taken", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "`",
        "'''",
        ",",
        "+",
        "/",
        ".",
        "=",
        "open",
        "os.system",
        "x",
        "#",
        "//",
        "/*",
      ),
    );
    fc.assert(
      fc.property(languages, fc.array(piece, { maxLength: 80 }), (language, pieces) => {
        const { commands, files, statements } = scanCode(pieces.join(""), language);
        expect(commands.length + files.length + statements.length).toBeLessThan(2_000);
      }),
    );
  });

  test.each([
    ["open parentheses", "f(".repeat(100_000)],
    ["quotes", "'".repeat(200_000)],
    ["doubling values", `x="a";${"x=x+x;".repeat(20_000)}`],
    ["templates", "`$".concat("{".repeat(100_000))],
    ["many strings", "'/a/b',".repeat(50_000)],
    ["dots", "a.".repeat(100_000)],
  ])("%s", (_, text) => {
    expect(scanCode(text, "javascript").files.length).toBeLessThan(1_000);
  });
});
