import { type Flag, lastForms } from "../../src/core/flag.js";
import type { FileFact, ProcessFact, ToolFact } from "../../src/core/observation.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { Engine } from "../../src/detection/engine.js";
import { makeRulePack, type RulePack } from "../../src/detection/rulePack.js";
import { parseRules } from "../../src/sigma/parse.js";

export const pack = (...texts: readonly string[]): RulePack =>
  makeRulePack([parseRules(texts.join("\n---\n"), "t.yml")]);

/** A rule of one search, in one line. */
export const rule = (id: string, logsource: string, search: string, more = ""): string =>
  `title: ${id}\nid: ${id}\nname: ${id}\nlevel: high\nlogsource: { ${logsource} }\ndetection: { s: ${search}, condition: s }\n${more}`;

/** A session told fact by fact, at seconds of its clock. */
export class Told {
  readonly engine: Engine;
  readonly #flags: Flag[] = [];
  #seq = 0;

  constructor(rules: RulePack, cwd = "/home/u/p") {
    this.engine = new Engine(rules, "44444444-4444-4444-8444-444444444444" as SessionId);
    this.engine.onOpen({ cwd, platform: "linux" });
  }

  #take(second: number, tell: (at: ReturnType<typeof micros>) => readonly Flag[]): readonly Flag[] {
    const at = micros(Math.round(second * 1_000_000));
    const flags = [...this.engine.pass(at), ...tell(at)];
    this.#flags.push(...flags);
    return flags;
  }

  screen(text: string, second = 0): readonly Flag[] {
    return this.#take(second, (at) => this.engine.onScreenText({ text, at, seq: seq(this.#seq++) }));
  }

  type(text: string, second = 0): readonly Flag[] {
    return this.#take(second, (at) => this.engine.onInput(Buffer.from(`${text}\r`), at, seq(this.#seq++)));
  }

  process(fact: ProcessFact, second = 0): readonly Flag[] {
    return this.#take(second, (at) =>
      this.engine.onObservation({ source: "process", fact }, at, seq(this.#seq++)),
    );
  }

  exec(pid: number, ppid: number, argv: readonly string[], second = 0, image?: string): readonly Flag[] {
    const name = argv[0] ?? "";
    const path = image ?? (name.startsWith("/") ? name : `/usr/bin/${name}`);
    return this.process({ what: "exec", pid, ppid, image: path, argv, cwd: "/home/u/p" }, second);
  }

  exit(pid: number, second = 0): readonly Flag[] {
    return this.process({ what: "exit", pid, code: 0, signal: null }, second);
  }

  file(fact: FileFact, second = 0): readonly Flag[] {
    return this.#take(second, (at) =>
      this.engine.onObservation({ source: "file", fact }, at, seq(this.#seq++)),
    );
  }

  tool(fact: ToolFact, second = 0): readonly Flag[] {
    return this.#take(second, (at) =>
      this.engine.onObservation({ source: "tool", fact }, at, seq(this.#seq++)),
    );
  }

  call(call: string, command: string, second = 0): readonly Flag[] {
    const fact = { what: "call", agent: "codex", call, tool: "exec_command", paths: [], input: "" } as const;
    return this.tool({ ...fact, command }, second);
  }

  result(call: string, failed = false, second = 0): readonly Flag[] {
    return this.tool({ what: "result", agent: "codex", call, failed, output: "" }, second);
  }

  traced(): void {
    this.#take(0, (at) =>
      this.engine.onObservation(
        { source: "coverage", fact: { source: "strace", state: "on", detail: "" } },
        at,
        seq(this.#seq++),
      ),
    );
  }

  end(): readonly Flag[] {
    const flags = this.engine.end();
    this.#flags.push(...flags);
    return flags;
  }

  /** All flags in their last form. */
  get flags(): readonly Flag[] {
    return lastForms(this.#flags);
  }

  /** How often any flag was given, also again. */
  get given(): number {
    return this.#flags.length;
  }
}
