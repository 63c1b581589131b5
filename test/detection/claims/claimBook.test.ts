import { describe, expect, test } from "vitest";
import { pack, rule, Told } from "../session.js";

const rules = pack(
  rule("undeclared", "product: bodycam, category: undeclared_command", "{ CommandLine|re: '.' }"),
  rule("unexecuted", "product: bodycam, category: unexecuted_call", "{ Result: succeeded }"),
);

const CODEX = "/opt/node_modules/@openai/codex/vendor/codex";
/** A Codex that was started from a shell, with its helpers. */
function codex(told = new Told(rules)): Told {
  told.traced();
  told.exec(10, 1, ["node", "/opt/node_modules/@openai/codex/bin/codex.js"], 0, "/usr/bin/node");
  told.exec(11, 10, [CODEX, "exec"], 0.1);
  told.exec(12, 11, ["lsb_release", "-a"], 0.2);
  told.exec(13, 11, ["sh", "-c", "make-my-cache"], 0.3);
  told.exit(12, 0.4);
  told.exit(13, 0.4);
  return told;
}
const commands = (told: Told): readonly string[] => told.engine.claims().undeclared.map((one) => one.command);

describe("claimed against done", () => {
  test("what tool calls declare is declared, with all that it starts", () => {
    const told = codex();
    told.call("a", "make all && ls", 1);
    told.exec(20, 11, ["bash", "-lc", "make all && ls"], 1.1);
    told.exec(21, 20, ["make", "all"], 1.2);
    told.exec(22, 21, ["sh", "-c", "gcc -c x.c"], 1.3);
    told.exec(23, 22, ["gcc", "-c", "x.c"], 1.4);
    told.result("a", false, 2);
    told.end();
    expect(told.engine.claims()).toMatchObject({
      ...{ basis: "compared", calls: 1, ran: 1, undeclaredCount: 0, unexecutedCount: 0 },
    });
    expect(told.flags).toEqual([]);
  });

  test("a command that no call declared is listed once, with how much it started", () => {
    const told = codex();
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    told.result("a", false, 1.2);
    told.exec(30, 11, ["bash", "-c", "python3 /tmp/x.py"], 5);
    told.exec(31, 30, ["python3", "/tmp/x.py"], 5.1);
    told.exec(32, 31, ["cp", "a", "b"], 5.2);
    told.exit(31, 6);
    told.exit(30, 6);
    expect(told.screen("still working", 10)).toEqual([]);
    const [flag] = told.screen("still working", 30);
    expect(flag).toMatchObject({
      rule: { id: "undeclared" },
      at: 5_000_000,
      confidence: "confirmed",
      evidence: [{ fields: { ProcessId: "30", CommandLine: "bash -c 'python3 /tmp/x.py'" } }],
    });
    told.end();
    expect(told.engine.claims().undeclared).toMatchObject([
      { command: "bash -c 'python3 /tmp/x.py'", pid: 30, cwd: "/home/u/p", started: 2 },
    ]);
    expect(told.flags).toHaveLength(1);
  });

  test("the agent's own helpers are set apart", () => {
    const told = codex();
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    // Its own installation, itself, and what only looks around.
    told.exec(30, 11, ["/opt/node_modules/@openai/codex/vendor/rg", "-n", "x"], 5);
    told.exec(31, 11, [CODEX, "--sub"], 5);
    told.exec(32, 11, ["git", "-C", "/home/u/p", "status", "--porcelain"], 5);
    told.exec(33, 11, ["sh", "-c", "uname -a; git rev-parse HEAD"], 5);
    told.exec(34, 32, ["git", "rev-parse"], 5);
    told.end();
    expect(commands(told)).toEqual([]);
    expect(told.engine.claims().helpers).toBeGreaterThanOrEqual(4);
  });

  test("looking around does not cover a secret", () => {
    const told = codex();
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    told.exec(30, 11, ["cat", "/home/u/.ssh/id_rsa"], 5);
    told.exec(31, 11, ["git", "push", "--force"], 5);
    told.end();
    expect(commands(told)).toEqual(["cat /home/u/.ssh/id_rsa", "git push --force"]);
  });

  test("a transcript that is written after the act still declares it", () => {
    const told = codex();
    told.exec(20, 11, ["bash", "-c", "make x"], 1);
    told.exec(21, 20, ["make", "x"], 1.1);
    told.exit(21, 2);
    told.exit(20, 2);
    told.call("a", "make x", 12);
    told.result("a", false, 12);
    told.end();
    expect(told.engine.claims()).toMatchObject({ calls: 1, ran: 1, undeclaredCount: 0, unexecutedCount: 0 });
  });

  test("a call in a wrapper of the agent's own is recognised by its commands", () => {
    const told = codex();
    told.call("a", "echo 'it''s' && ls -la '/x y'", 1);
    told.exec(
      20,
      11,
      [
        "/bin/bash",
        "-c",
        "-l",
        `source /s.sh && eval 'echo '\\''it'\\'''\\''s'\\'' && ls -la '\\''/x y'\\''' < /dev/null && pwd -P`,
      ],
      1.1,
    );
    told.end();
    expect(told.engine.claims()).toMatchObject({ ran: 1, unexecutedCount: 0, undeclaredCount: 0 });
  });

  test("a process that becomes a shell, and then the command's own, carries out its call, be the call told before or after", () => {
    const prelude = `__SET_0="\${A+x}"\n${"unset B\n".repeat(800)}`;
    const become = (told: Told, pid: number, command: string, second: number): void => {
      const start = ["/proc/self/exe", "--run-as-setup", "/bin/bash", "-c", prelude];
      told.exec(pid, 11, start, second);
      told.exec(pid, 11, ["/bin/bash", "-c", prelude], second + 0.1);
      told.exec(pid, 11, ["/bin/bash", "-c", command], second + 0.2);
    };
    const told = codex();
    told.call("a", "echo one > a", 1);
    become(told, 20, "echo one > a", 1.1);
    become(told, 21, "for i in 1 2; do echo $i; done", 2);
    told.call("b", "for i in 1 2; do echo $i; done", 3);
    told.result("b", false, 3);
    become(told, 22, "perl hidden.pl", 4);
    told.end();
    expect(told.engine.claims()).toMatchObject({ calls: 2, ran: 2, unexecutedCount: 0 });
    expect(commands(told)).toEqual(["/bin/bash -c 'perl hidden.pl'"]);
  });

  test("a call that never ran is told when its result is there", () => {
    const told = codex();
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    told.result("a", false, 1.2);
    told.call("b", "npm test", 2);
    told.result("b", false, 3);
    told.call("c", "rm -rf /", 4);
    told.result("c", true, 4.1);
    told.screen("x", 20);
    expect(told.engine.claims().unexecuted).toMatchObject([
      { command: "npm test", result: "succeeded", agent: "codex", tool: "exec_command" },
      { command: "rm -rf /", result: "failed" },
    ]);
    expect(told.flags.map((flag) => [flag.rule.id, flag.at])).toEqual([["unexecuted", 2_000_000]]);
  });

  test("without the kernel nothing is said of what ran", () => {
    const told = new Told(rules);
    told.call("a", "npm test", 1);
    told.result("a", false, 2);
    told.end();
    expect(told.engine.claims()).toMatchObject({ basis: "no-processes", unexecutedCount: 0 });
    expect(told.flags).toEqual([]);
  });

  test("without a transcript nothing is undeclared", () => {
    const told = codex();
    told.exec(30, 11, ["python3", "/tmp/x.py"], 5);
    told.end();
    expect(told.engine.claims()).toMatchObject({ basis: "no-tool-calls", undeclaredCount: 0 });
  });

  test("what a person types in a shell beside the agent is not the agent's", () => {
    const told = new Told(rules);
    told.traced();
    told.exec(5, 1, ["bash"], 0);
    told.type("codex", 0.1);
    told.exec(11, 5, [CODEX], 0.2);
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    told.exec(30, 5, ["vim", "notes"], 9);
    told.exec(31, 11, ["perl", "x.pl"], 9);
    told.end();
    expect(commands(told)).toEqual(["perl x.pl"]);
  });

  test("memory is bounded, however much is started and asked", () => {
    const told = codex();
    told.call("a", "ls", 1);
    told.exec(20, 11, ["bash", "-lc", "ls"], 1.1);
    for (let n = 0; n < 5_000; n++) {
      told.call(`c${n}`, `run ${n}`, 2 + n);
      told.exec(1000 + n, 11, ["perl", `${n}.pl`], 2 + n);
      told.exit(1000 + n, 2 + n);
    }
    told.end();
    const { undeclared, undeclaredCount, unexecuted } = told.engine.claims();
    expect(undeclaredCount).toBe(5_000);
    expect([undeclared.length, unexecuted.length <= 200]).toEqual([200, true]);
  });
});
