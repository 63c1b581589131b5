import { scanCode } from "../code/scan.js";
import { readBuiltin } from "./builtins.js";
import { isSaying } from "./describe.js";
import { downloads, programFiles } from "./downloads.js";
import type { Inner } from "./inner.js";
import { literalOutput } from "./output.js";
import { normalPath } from "./paths.js";
import { quoteLine } from "./quote.js";
import { innerScope, newScope, type Scope, WrittenFiles } from "./scope.js";
import { programName, type SimpleCommand } from "./simpleCommand.js";
import {
  type Assignment,
  type Command,
  type CommandNode,
  forEachChild,
  type PipelineNode,
  parseShell,
  type Redirection,
  type Script,
  type Statement,
  type SyntaxNode,
  type Word,
} from "./syntax.js";
import { unwrap } from "./unwrap.js";
import { partsText, type ReadNested, resolveText, resolveWord } from "./word.js";

/** One text gives at most this many commands, through at most this many levels of commands inside commands. */
const MOST_COMMANDS = 2_000;
const DEEPEST = 24;
/** … and is followed for so many steps: loops in loops would multiply. */
const MOST_STEPS = 20_000;
/** A variable's value is followed up to this many characters. */
const LONGEST_VALUE = 16 * 1024;
/** So many commands that only say something are left out of the line of what runs them. */
const MOST_SAID = 64;
/** A loop over more words than this is read with its words left open. */
const MOST_ROUNDS = 8;

/** What is known around a piece of shell text. */
export interface Surroundings {
  readonly cwd?: string | undefined;
  /** Files written by earlier commands of the session. */
  readonly files?: WrittenFiles;
}

/**
 * The simple commands in a piece of shell text, outermost first: through substitutions, loops, wrappers such as
 * `sudo` and `bash -c`, here-documents given to a shell, and programs written and then run.
 * Pure but for `files`, which learns what the text writes. Never throws; bounded in time and memory.
 */
export function readShell(text: string, around: Surroundings = {}): readonly SimpleCommand[] {
  const reader = new Reader();
  const scope = newScope(around.files ?? new WrittenFiles(), around.cwd);
  reader.text(text, scope, TOP);
  return reader.commands;
}

/** The same for words that need no shell: what a kernel saw started. */
export function readArgv(argv: readonly string[], around: Surroundings = {}): readonly SimpleCommand[] {
  const reader = new Reader();
  const scope = newScope(around.files ?? new WrittenFiles(), around.cwd);
  reader.run({ ...BARE, argv, original: quoteLine(argv) }, scope, TOP);
  return reader.commands;
}

/** Where a command stands: inside what, and fed by what. */
interface Place {
  readonly parent: SimpleCommand | undefined;
  readonly elevated: boolean;
  readonly depth: number;
  readonly pipedFrom: string | undefined;
  readonly stdin: string | undefined;
}

const TOP: Place = { parent: undefined, elevated: false, depth: 0, pipedFrom: undefined, stdin: undefined };
const BARE: Written = {
  argv: [],
  original: "",
  assignments: [],
  reads: [],
  writes: [],
  appends: [],
  stdin: undefined,
};

/** A command as it is written, before what is known around it is put in. */
interface Written {
  readonly argv: readonly string[];
  readonly original: string;
  readonly assignments: SimpleCommand["assignments"];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly appends: readonly string[];
  readonly stdin: string | undefined;
}

/** What a part of a script leaves behind: what it prints, where that is plain, and how it reads. */
interface Outcome {
  readonly output: string | undefined;
  readonly line: string;
}

const SILENT: Outcome = { output: undefined, line: "" };

class Reader {
  readonly commands: SimpleCommand[] = [];
  #source = "";
  #steps = 0;

  text(text: string, scope: Scope, place: Place): Outcome {
    if (place.depth > DEEPEST) return SILENT;
    const outer = this.#source;
    let outcome = SILENT;
    for (const { source, script } of parseShell(text)) {
      this.#source = source;
      outcome = this.#script(script, scope, place);
    }
    this.#source = outer;
    return outcome;
  }

  #script(script: Script, scope: Scope, place: Place): Outcome {
    const outer = this.#source;
    // A script in escaped backquotes has a decoded text of its own.
    if (script.source !== undefined) this.#source = script.source;
    const outcome = this.#statements(script.commands, scope, place);
    this.#source = outer;
    return outcome;
  }

  #statements(statements: readonly Statement[], scope: Scope, place: Place): Outcome {
    const outputs: (string | undefined)[] = [];
    const lines: string[] = [];
    for (const statement of statements) {
      if (this.commands.length >= MOST_COMMANDS) break;
      const outcome = this.#node(statement.command, scope, place);
      outputs.push(outcome.output);
      lines.push(outcome.line);
    }
    const known = outputs.length > 0 && outputs.every((one) => one !== undefined);
    return { output: known ? outputs.join("") : undefined, line: lines.join("; ") };
  }

  #node(node: Statement["command"] | SyntaxNode, scope: Scope, place: Place): Outcome {
    if (place.depth > DEEPEST || ++this.#steps > MOST_STEPS || this.commands.length >= MOST_COMMANDS)
      return SILENT;
    switch (node.type) {
      case "Command":
        return this.#command(node, scope, place);
      case "Pipeline":
        return this.#pipeline(node.commands, scope, place);
      case "AndOr":
        return node.commands.map((one) => this.#node(one, scope, place)).at(-1) ?? SILENT;
      case "Subshell":
        return this.#statements(node.body.commands, innerScope(scope), deeper(place));
      case "BraceGroup":
        return this.#statements(node.body.commands, scope, deeper(place));
      case "CompoundList":
        return this.#statements(node.commands, scope, deeper(place));
      case "Redirected":
        return this.#redirected(node.command, node.redirects, scope, place);
      case "For":
        return this.#loop(node.name.value, node.wordlist ?? [], node.body.commands, scope, deeper(place));
      case "Function":
        return this.#node(node.body, innerScope(scope), deeper(place));
      case "Word":
        resolveWord(node, scope, this.#nested(scope, place));
        return SILENT;
      default:
        forEachChild(node, (child) => this.#node(child, scope, deeper(place)));
        return SILENT;
    }
  }

  #pipeline(stages: readonly PipelineNode[], scope: Scope, place: Place): Outcome {
    let outcome = SILENT;
    const lines: string[] = [];
    for (const [i, stage] of stages.entries()) {
      const fed = i === 0 ? place : { ...place, stdin: outcome.output, pipedFrom: lines.join(" | ") };
      outcome = this.#node(stage as CommandNode, stages.length > 1 ? innerScope(scope) : scope, fed);
      lines.push(outcome.line);
    }
    return { output: outcome.output, line: lines.join(" | ") };
  }

  #loop(
    name: string,
    list: readonly Word[],
    body: readonly Statement[],
    scope: Scope,
    place: Place,
  ): Outcome {
    const values = list.flatMap((word) => resolveWord(word, scope, this.#nested(scope, place)));
    if (values.length === 0 || values.length > MOST_ROUNDS) return this.#statements(body, scope, place);
    const rounds = values.map((value) => {
      scope.vars.set(name, value);
      return this.#statements(body, scope, place);
    });
    scope.vars.delete(name);
    const known = rounds.every((round) => round.output !== undefined);
    return {
      output: known ? rounds.map((round) => round.output).join("") : undefined,
      line: rounds[0]?.line ?? "",
    };
  }

  /** `{ …; } > file`, `while …; done < file`: the files belong to the whole. */
  #redirected(node: SyntaxNode, redirects: readonly Redirection[], scope: Scope, place: Place): Outcome {
    const files = this.#redirects(redirects, scope, place);
    const fed = files.stdin === undefined ? place : { ...place, stdin: files.stdin };
    const outcome = this.#node(node, scope, deeper(fed));
    if (files.reads.length + files.writes.length > 0)
      this.#push({ ...BARE, ...files, argv: [":"], original: outcome.line }, scope, place);
    this.#remember(files, outcome.output, scope);
    return files.writes.length > 0 ? { output: "", line: outcome.line } : outcome;
  }

  #command(node: Command, scope: Scope, place: Place): Outcome {
    const nested = this.#nested(scope, place);
    const original = this.#source.slice(node.pos, node.end);
    const assignments = node.prefix
      .filter((part): part is Assignment => part.type === "Assignment")
      .map((part) => ({ name: part.name, value: this.#assigned(part, scope, nested) }));
    const files = this.#redirects(node.redirects, scope, place);
    const head = node.name === undefined ? [] : resolveWord(node.name, scope, nested);
    const rest = node.args.flatMap((arg) =>
      arg.type === "Word"
        ? resolveWord(arg, scope, nested)
        : [`${arg.name}=${this.#assigned(arg, scope, nested)}`],
    );
    if (head.length === 0 && rest.length === 0) {
      for (const { name, value } of assignments) scope.vars.set(name, value);
      if (assignments.length > 0)
        this.#push({ ...BARE, ...files, argv: [], assignments, original }, scope, place);
      this.#remember(files, undefined, scope);
      return SILENT;
    }
    return this.run({ ...files, argv: [...head, ...rest], assignments, original }, scope, place);
  }

  #assigned(part: Assignment, scope: Scope, nested: ReadNested): string {
    const { value } = part;
    const text =
      value.type === "Word"
        ? resolveText(value, scope, nested)
        : value.elements.flatMap((word) => resolveWord(word, scope, nested)).join(" ");
    return (part.append === true ? (scope.vars.get(part.name) ?? "") + text : text).slice(0, LONGEST_VALUE);
  }

  /** Reads one command whose words are known, and whatever it runs in its turn. */
  run(written: Written, scope: Scope, place: Place): Outcome {
    const alias = scope.aliases.get(written.argv[0] ?? "");
    if (alias !== undefined && place.depth < DEEPEST) {
      const argv = [...alias.trim().split(/\s+/), ...written.argv.slice(1)];
      return this.run({ ...written, argv }, { ...scope, aliases: new Map() }, deeper(place));
    }
    const { argv } = written;
    const stdin = written.stdin ?? place.stdin;
    const command = this.#push({ ...written, stdin }, scope, place);
    for (const { path, url } of downloads(argv, written.writes))
      scope.files.fetched(fileKey(path, scope.cwd), url);
    readBuiltin(argv, scope);
    const fileText = (path: string): string | undefined => scope.files.get(fileKey(path, scope.cwd));
    const inner = place.depth < DEEPEST ? unwrap(programName(argv), argv, { stdin, fileText }) : [];
    const outputs = inner.map((one) => this.#inner(one, command, scope, { ...place, stdin }));
    let output = outputs.length === 1 ? outputs[0] : undefined;
    if (inner.length === 0) output = literalOutput(argv, stdin, fileText);
    this.#remember(written, output, scope);
    if (programName(argv) === "tee" && stdin !== undefined)
      for (const path of argv.slice(1))
        if (!path.startsWith("-")) scope.files.set(fileKey(path, scope.cwd), stdin);
    const redirected = written.writes.length + written.appends.length > 0;
    return { output: redirected ? "" : output, line: quoteLine(argv) };
  }

  #inner(inner: Inner, parent: SimpleCommand, scope: Scope, place: Place): string | undefined {
    const within: Place = {
      ...deeper(place),
      parent,
      elevated: parent.elevated || elevates(inner),
      pipedFrom: undefined,
    };
    switch (inner.kind) {
      case "argv":
        // A wrapper hands its own input on.
        return this.run({ ...BARE, argv: inner.argv, original: quoteLine(inner.argv) }, scope, {
          ...within,
          pipedFrom: place.pipedFrom,
        }).output;
      case "script": {
        const inside = ["eval", "source", "."].includes(programName(parent.argv)) ? scope : innerScope(scope);
        for (const [i, value] of (inner.args ?? []).slice(0, 9).entries())
          inside.vars.set(String(i + 1), value);
        return this.text(inner.text, inside, {
          ...within,
          stdin: inner.text === place.stdin ? undefined : place.stdin,
        }).output;
      }
      case "code": {
        const code = scanCode(inner.text, inner.language);
        this.commands[this.commands.indexOf(parent)] = { ...parent, code };
        for (const one of code.commands)
          this.#inner(one, { ...parent, code }, innerScope(scope), { ...place, stdin: undefined });
        return undefined;
      }
    }
  }

  #push(written: Written, scope: Scope, place: Place): SimpleCommand {
    const command: SimpleCommand = {
      argv: written.argv,
      assignments: written.assignments,
      reads: written.reads,
      writes: [...written.writes, ...written.appends],
      original: written.original,
      cwd: scope.cwd,
      parent: place.parent,
      pipedFrom: place.pipedFrom === "" ? undefined : place.pipedFrom,
      stdin: written.stdin,
      elevated: place.elevated,
      downloadedFrom: programFiles(written.argv)
        .map((path) => scope.files.sourceOf(fileKey(path, scope.cwd)))
        .find((url) => url !== undefined),
      code: undefined,
      said: [],
    };
    this.commands.push(command);
    if (isSaying(command))
      for (let above = command.parent; above !== undefined; above = above.parent)
        if (above.said.length < MOST_SAID) above.said.push(command);
    return command;
  }

  #nested(scope: Scope, place: Place): ReadNested {
    return (script, text, process) => {
      if (place.depth >= DEEPEST) return undefined;
      const fed = { ...deeper(place), stdin: undefined, pipedFrom: undefined };
      const output = this.#script(script, innerScope(scope), fed).output;
      // `bash <(echo …)`: the substitution stands for a file with that text.
      if (process && output !== undefined) scope.files.set(fileKey(text, scope.cwd), output);
      return output?.replace(/\n+$/, "");
    };
  }

  #redirects(
    list: readonly Redirection[],
    scope: Scope,
    place: Place,
  ): Omit<Written, "argv" | "original" | "assignments"> {
    const nested = this.#nested(scope, place);
    const reads: string[] = [];
    const writes: string[] = [];
    const appends: string[] = [];
    let stdin: string | undefined;
    for (const one of list) {
      if (one.type === "HereDoc") {
        stdin = one.body.parts === undefined ? one.body.text : partsText(one.body.parts, scope, nested);
        continue;
      }
      if (one.target === undefined) continue;
      const target = resolveText(one.target, scope, nested);
      if (one.type === "HereString") stdin = `${target}\n`;
      else if (one.operator === "<") {
        reads.push(target);
        stdin = scope.files.get(fileKey(target, scope.cwd));
      } else if (one.operator === ">>" || one.operator === "&>>") appends.push(target);
      else if (!/^[\d-]+$/.test(target)) writes.push(target);
    }
    return { reads, writes, appends, stdin };
  }

  #remember(files: Pick<Written, "writes" | "appends">, output: string | undefined, scope: Scope): void {
    if (output === undefined) return;
    for (const path of files.writes) scope.files.set(fileKey(path, scope.cwd), output);
    for (const path of files.appends) scope.files.append(fileKey(path, scope.cwd), output);
  }
}

const deeper = (place: Place): Place => ({ ...place, depth: place.depth + 1 });
const elevates = (inner: Inner): boolean => inner.kind !== "code" && inner.elevated === true;
const fileKey = (path: string, cwd: string | undefined): string =>
  path.startsWith("<(") ? path : normalPath(path, cwd);
