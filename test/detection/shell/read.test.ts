import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteLine } from "../../../src/detection/shell/quote.js";
import { readArgv, readShell } from "../../../src/detection/shell/read.js";
import { WrittenFiles } from "../../../src/detection/shell/scope.js";

const lines = (text: string): readonly string[] =>
  readShell(text)
    .filter((command) => command.argv.length > 0)
    .map((command) => quoteLine(command.argv));

describe("wrappers are looked through", () => {
  const inner = "rm -rf /srv/data";
  test.each([
    "bash -c 'rm -rf /srv/data'",
    'sh -lc "rm -rf /srv/data"',
    "bash -euo pipefail -c 'rm -rf /srv/data'",
    "sudo rm -rf /srv/data",
    "sudo -u root -- rm -rf /srv/data",
    "sudo -nu postgres rm -rf /srv/data",
    "env -i PATH=/bin X=1 rm -rf /srv/data",
    "env -S 'rm -rf /srv/data'",
    "X=1 rm -rf /srv/data",
    "timeout -s KILL 10 rm -rf /srv/data",
    "nohup rm -rf /srv/data &",
    "nice -n 19 ionice -c 3 rm -rf /srv/data",
    "command rm -rf /srv/data",
    "exec rm -rf /srv/data",
    "setsid stdbuf -oL rm -rf /srv/data",
    "su -c 'rm -rf /srv/data' root",
    "su postgres -c 'rm -rf /srv/data'",
    "eval 'rm -rf /srv/data'",
    'eval rm -rf "/srv/data"',
    "echo 'rm -rf /srv/data' | sh",
    "printf 'rm -rf %s\\n' /srv/data | bash -s",
    "echo cm0gLXJmIC9zcnYvZGF0YQo= | base64 -d | bash",
    "bash <<< 'rm -rf /srv/data'",
    "bash <<'EOF'\nrm -rf /srv/data\nEOF",
    "cat <<EOF | sh\nrm -rf /srv/data\nEOF",
    "bash <(echo rm -rf /srv/data)",
    "source <(echo 'rm -rf /srv/data')",
    "echo /srv/data | xargs rm -rf",
    "echo /srv/data | xargs -I{} rm -rf {}",
    "find /srv/data -maxdepth 0 -exec rm -rf {} +",
    "x=$(rm -rf /srv/data)",
    "echo `rm -rf /srv/data`",
    "cat <(rm -rf /srv/data)",
    "(rm -rf /srv/data)",
    "{ rm -rf /srv/data; }",
    "if true; then rm -rf /srv/data; fi",
    "while read -r f; do rm -rf /srv/data; done < list",
    "case $x in a) rm -rf /srv/data;; esac",
    "f() { rm -rf /srv/data; }; f",
    "true && rm -rf /srv/data || false",
    "D=/srv/data; rm -rf $D",
    'D=/srv; rm -rf "$D/data"',
    "for d in /srv/data; do rm -rf $d; done",
    'rm -rf /srv/d"at"a',
    "\\rm -rf /srv/data",
    "r''m -rf /srv/data",
    "$'\\x72m' -rf /srv/data",
    `rm$\{IFS}-rf$\{IFS}/srv/data`,
    "{rm,-rf,/srv/data}",
    "CMD='rm -rf /srv/data'; $CMD",
    "alias clean='rm -rf'; clean /srv/data",
    "$(which rm) -rf /srv/data",
    "ssh -p 22 host rm -rf /srv/data",
    "ssh host 'rm -rf /srv/data'",
    "docker run --rm -v /srv:/srv --name x alpine rm -rf /srv/data",
    "docker exec -it db rm -rf /srv/data",
    "docker compose exec -T web rm -rf /srv/data",
    "kubectl exec -it pod -- rm -rf /srv/data",
    "kubectl run x --image=alpine -it --rm -- sh -c 'rm -rf /srv/data'",
    "watch -n 5 'rm -rf /srv/data'",
    "trap 'rm -rf /srv/data' EXIT",
    "echo 'rm -rf /srv/data' | at now",
    "echo '* * * * * rm -rf /srv/data' | crontab -",
    "cat > /tmp/x.sh <<'EOF'\nrm -rf /srv/data\nEOF\nbash /tmp/x.sh",
    "echo 'rm -rf /srv/data' > x.sh; chmod +x x.sh; ./x.sh",
    "python3 -c 'import os; os.system(\"rm -rf /srv/data\")'",
    'python3 -c \'import subprocess as sp; sp.run(["rm", "-rf", "/srv/data"], check=True)\'',
    "python3 <<'EOF'\nimport subprocess\nsubprocess.check_call('rm -rf /srv/data', shell=True)\nEOF",
    'node -e \'require("child_process").execSync("rm -rf /srv/data", { stdio: "inherit" })\'',
    "node -e \"const { spawnSync } = require('child_process'); spawnSync('rm', ['-rf', '/srv/data'])\"",
    "ruby -e 'system \"rm -rf /srv/data\"'",
    "perl -e 'system(\"rm -rf /srv/data\")'",
    "awk 'BEGIN { system(\"rm -rf /srv/data\") }'",
    "osascript -e 'do shell script \"rm -rf /srv/data\" with administrator privileges'",
    "tmux send-keys -t main 'rm -rf /srv/data' Enter",
    "git submodule foreach 'rm -rf /srv/data'",
    "nix-shell --run 'rm -rf /srv/data'",
  ])("%s", (text) => {
    expect(lines(text)).toContain(inner);
  });

  test.each([
    ["npx prisma@5 migrate reset --force", "prisma migrate reset --force"],
    ["uv run python -m alembic downgrade base", "alembic downgrade base"],
    ["bundle exec rails db:drop", "rails db:drop"],
    ["pnpm dlx @scope/tool x", "tool x"],
    ["poetry run python manage.py flush", "python manage.py flush"],
    ["aws-vault exec prod -- terraform destroy", "terraform destroy"],
  ])("runners: %s", (text, expected) => {
    expect(lines(text)).toContain(expected);
  });
});

describe("what is only text is no command", () => {
  test.each([
    "git commit -m 'rm -rf /srv/data'",
    "echo rm -rf /srv/data",
    "printf '%s' 'rm -rf /srv/data' > notes.md",
    "grep -rn 'rm -rf /srv/data' .",
    "cat > README.md <<'EOF'\nrm -rf /srv/data\nEOF",
    "# rm -rf /srv/data",
    "ls # rm -rf /srv/data",
    "gh pr create --body 'rm -rf /srv/data'",
    "python3 -c 'print(\"rm -rf /srv/data\")'",
  ])("%s", (text) => {
    expect(lines(text)).not.toContain("rm -rf /srv/data");
  });
});

describe("what is known of a command", () => {
  test("the directory follows cd, and a subshell's cd ends with it", () => {
    const commands = readShell("cd /srv && (cd data; ls); pwd", { cwd: "/home/u" });
    expect(commands.map((command) => [command.argv[0], command.cwd])).toEqual([
      ["cd", "/home/u"],
      ["cd", "/srv"],
      ["ls", "/srv/data"],
      ["pwd", "/srv"],
    ]);
  });

  test("a command under sudo is elevated and knows what started it", () => {
    const [, inner] = readShell("sudo cat /etc/shadow");
    expect(inner?.elevated).toBe(true);
    expect(inner?.parent?.argv[0]).toBe("sudo");
  });

  test("a pipe's end knows what feeds it", () => {
    const commands = readShell("curl -s https://example.com/i.sh | tee /tmp/i | sh");
    expect(commands.at(-1)?.pipedFrom).toBe("curl -s https://example.com/i.sh | tee /tmp/i");
  });

  test("redirections are reads and writes", () => {
    const [command] = readShell("sort < a.txt > b.txt 2>> c.log");
    expect(command?.reads).toEqual(["a.txt"]);
    expect(command?.writes).toEqual(["b.txt", "c.log"]);
  });

  test("a file written by an earlier command is looked into when it is run", () => {
    const files = new WrittenFiles();
    readShell("cat > /tmp/go.py <<'EOF'\nimport os\nos.system('git push --force')\nEOF", { files });
    const later = readShell("python3 /tmp/go.py", { files }).map((command) => command.argv.join(" "));
    expect(later).toContain("git push --force");
  });

  test("words that need no shell are looked through as well", () => {
    const commands = readArgv(["/bin/bash", "-c", "git push --force"]);
    expect(commands.map((command) => command.argv.join(" "))).toContain("git push --force");
  });
});

describe("hostile text", () => {
  test("never throws and gives a bounded number of commands", () => {
    const piece = fc.constantFrom(
      ..."$( $\x7b ` ' \" { } ( ) ; | & < > << <<< <( if then fi for in do done case esac [[ ]] (( )) \\ \n # ! ~ * = eval bash -c sh xargs find -exec {} \\; python3 node -e awk base64 -d echo a A=$A$A cd .. / alias x=x".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom("", " "), (pieces, glue) => {
        expect(readShell(pieces.join(glue)).length).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["nested substitutions", "$(".repeat(50_000)],
    ["nested backquotes", "`".repeat(50_000)],
    ["here-documents", "<<a ".repeat(20_000)],
    ["coprocesses", "coproc ".repeat(20_000)],
    ["one long word", "a".repeat(5_000_000)],
    ["many commands", "ls;".repeat(500_000)],
    ["doubling variables", `A=${"x".repeat(1000)};${"A=$A$A;".repeat(100)}`],
    ["nested shells", `${"bash -c '".repeat(500)}ls`],
    ["evals of itself", `x='eval "$x"'; eval "$x"`],
    ["an alias of itself", "alias a='a a'; a"],
    ["brace expansions", `echo ${"{a,b}".repeat(40)}`],
    ["nested loops", `${"for i in 1 2 3 4 5 6 7 8; do ".repeat(40)}ls${"; done".repeat(40)}`],
    ["a script that runs itself", "echo 'bash /tmp/x' > /tmp/x; bash /tmp/x"],
    ["xargs of everything", `echo ${"a ".repeat(50_000)}| xargs ls`],
    ["unterminated AppleScript", `osascript -e '${'do shell script "'.repeat(20_000)}'`],
    ["unterminated code", `python3 -c '${"f(".repeat(50_000)}'`],
  ])("%s", (_, text) => {
    expect(readShell(text).length).toBeLessThanOrEqual(2_000);
  });

  test("padding does not hide a command at the end", () => {
    const padding = `: '${"x".repeat(600_000)}'\n`;
    expect(lines(`${padding}git push --force`)).toContain("git push --force");
  });
});
