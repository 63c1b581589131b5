import type { FileFact, Observation, ProcessFact, ToolFact } from "../core/observation.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import type { Micros, Seq } from "../core/units.js";
import { ClaimBook, type Finding as ClaimFinding } from "./claims/claimBook.js";
import type { Sighting } from "./corroboration/sighting.js";
import { LostFiles } from "./lostFiles.js";
import { type Context, observeCommand, observeLine } from "./observe.js";
import { Processes, type Run } from "./processes.js";
import { linesOf, Scripts } from "./scripts.js";

/** Events that one fact gives, and how well they are known. */
export interface Observed extends Sighting {
  readonly events: readonly RuleEvent[];
}

/**
 * Turns facts from beyond the terminal into events for rules. Remembers which process is which program and what it
 * belongs to, and adds what only several facts together tell: files lost by renames, claims that were not kept.
 */
export class FactReader {
  readonly claims = new ClaimBook();
  readonly #processes = new Processes();
  readonly #lost = new LostFiles();
  readonly #scripts = new Scripts();

  read(observation: Observation, context: Context, at: Micros, seq: Seq): readonly Observed[] {
    switch (observation.source) {
      case "process":
        return this.#process(observation.fact, context, at, seq);
      case "file":
        return this.#file(observation.fact, context, at, seq);
      case "tool":
        return this.#tool(observation.fact, context, at, seq);
      case "coverage":
        this.claims.coverage(observation.fact);
        return [];
    }
  }

  /** What the passing of time brings out. */
  pass(at: Micros, context: Context): readonly Observed[] {
    return this.claims.pass(at).map((found) => claimEvent(found, context));
  }

  /** The session has ended: what was undecided is decided. */
  end(context: Context): readonly Observed[] {
    return this.claims.end().map((found) => claimEvent(found, context));
  }

  #process(fact: ProcessFact, context: Context, at: Micros, seq: Seq): readonly Observed[] {
    switch (fact.what) {
      case "exec":
        return this.#started(fact, context, at, seq);
      case "fork":
        this.#processes.fork(fact.pid, fact.child);
        return [];
      case "exit":
        this.#processes.exit(fact.pid, at);
        return [];
    }
    const run = this.#processes.of(fact.pid);
    const { product } = context;
    const known = {
      ...(run !== undefined && { Image: run.image }),
      ...(context.workspace !== undefined && { Workspace: context.workspace }),
      ProcessId: fact.pid,
    };
    const sighting = { confidence: "confirmed", at, seq, run, deed: run?.deed } as const;
    const file = (category: string, fields: RuleEvent["fields"]): readonly Observed[] => [
      {
        ...sighting,
        source: "file",
        channel: "file",
        events: [{ product, category, fields: { ...known, ...fields } }],
      },
    ];
    switch (fact.what) {
      case "connect": {
        const goal = { DestinationIp: fact.address, DestinationPort: fact.port, Initiated: "true" };
        const events = [{ product, category: "network_connection", fields: { ...known, ...goal } }];
        return [{ ...sighting, source: "network", channel: "network", events }];
      }
      case "delete":
        this.#lost.gone(fact.path);
        return file("file_delete", { TargetFilename: fact.path, Scope: fact.scope });
      case "rename": {
        const { from, to, scope, overwrote } = fact;
        const fields = {
          SourceFilename: from,
          TargetFilename: to,
          Scope: scope,
          Overwrote: String(overwrote),
        };
        const lost = this.#lost.renamed(fact, at);
        const told = file("file_rename", fields);
        return lost === undefined
          ? told
          : [
              ...told,
              {
                ...sighting,
                source: "file",
                channel: "tally",
                events: [{ product: "bodycam", category: "files_lost", fields: { ...known, ...lost } }],
              },
            ];
      }
      case "truncate":
        return file("file_event", { TargetFilename: fact.path, Scope: fact.scope, Truncated: "true" });
    }
  }

  /**
   * A program that the kernel started. What a shell among them is told to run is only requested: the kernel will say
   * itself which of it was started.
   */
  #started(
    fact: Extract<ProcessFact, { what: "exec" }>,
    context: Context,
    at: Micros,
    seq: Seq,
  ): readonly Observed[] {
    const run = this.#processes.exec(fact, at, seq);
    const { own, told, lines } = this.#scripts.read(fact, context);
    run.line = lines[0] ?? "";
    this.claims.exec(run, lines);
    const parent = run.parent;
    const known = {
      Image: fact.image,
      ProcessId: fact.pid,
      ParentProcessId: fact.ppid,
      ...(parent !== undefined && { ParentImage: parent.image, ParentCommandLine: parent.line }),
    };
    const events = own.map((event) => ({ ...event, fields: { ...event.fields, ...known } }));
    const sighting = { source: "process", at, seq, run, deed: run.deed } as const;
    const started: Observed = { ...sighting, channel: "process", confidence: "confirmed", events };
    return told.length === 0
      ? [started]
      : [started, { ...sighting, channel: "shell", confidence: "requested", events: told }];
  }

  /** What happened to a sensitive file. Without a process of the session it may have been anybody: it is left alone. */
  #file(fact: FileFact, { product, workspace }: Context, at: Micros, seq: Seq): readonly Observed[] {
    if (fact.by === undefined) return [];
    const { pid, image, command } = fact.by;
    const run = runOf(this.#processes.of(pid), image);
    const { category, more } = fileEvent(fact);
    const fields = {
      Image: image,
      CommandLine: run?.line || command,
      ProcessId: pid,
      TargetFilename: fact.path,
      Store: fact.store,
      ...(workspace !== undefined && { Workspace: workspace }),
      ...more,
    };
    const events = [{ product, category, fields }];
    return [
      { source: "file", channel: "file", confidence: "confirmed", at, seq, run, deed: run?.deed, events },
    ];
  }

  /** What an agent says that it does, and what its tools gave back to it without it ever being on the screen. */
  #tool(fact: ToolFact, context: Context, at: Micros, seq: Seq): readonly Observed[] {
    if (fact.what === "result") {
      this.claims.result(fact, at);
      const events = fact.output.split("\n").flatMap(observeLine);
      return [{ source: "tool-call", channel: "result", confidence: "seen", at, seq, events }];
    }
    const commands = fact.command === undefined ? [] : observeCommand(fact.command, context);
    const deed = fact.command === undefined ? undefined : this.claims.call(fact, linesOf(commands), at, seq);
    const events = [...commands, ...toolFiles(fact, context)];
    return [{ source: "tool-call", channel: "call", confidence: "requested", at, seq, deed, events }];
  }
}

/** A process may have become another program since: what the file's own fact says of it counts. */
const runOf = (run: Run | undefined, image: string): Run | undefined =>
  run?.image === image ? run : undefined;

function fileEvent(fact: FileFact): { readonly category: string; readonly more: RuleEvent["fields"] } {
  switch (fact.what) {
    case "open":
    case "read":
    case "link":
      return { category: "file_access", more: { FileName: fact.path, Access: "read" } };
    case "write":
      return { category: "file_event", more: {} };
    case "move":
      return { category: "file_rename", more: { SourceFilename: fact.path } };
    case "delete":
      return { category: "file_delete", more: {} };
  }
}

const WRITES = /write|edit|create|update|patch|replace|insert/i;
const DELETES = /delete|remove/i;
const LISTS = /^(ls|list|glob|list_directory|listdir)$/i;

function toolFiles(fact: Extract<ToolFact, { what: "call" }>, context: Context): readonly RuleEvent[] {
  const { product, workspace } = context;
  return fact.paths.map((path) => {
    const fields = {
      Image: fact.tool,
      TargetFilename: path,
      ...(workspace !== undefined && { Workspace: workspace }),
    };
    if (DELETES.test(fact.tool)) return { product, category: "file_delete", fields };
    if (WRITES.test(fact.tool)) return { product, category: "file_event", fields };
    const access = LISTS.test(fact.tool) ? "list" : "read";
    return { product, category: "file_access", fields: { ...fields, FileName: path, Access: access } };
  });
}

/** What an agent did without saying it, or said without doing it. */
function claimEvent(found: ClaimFinding, { workspace }: Context): Observed {
  const common = workspace === undefined ? {} : { Workspace: workspace };
  if (found.kind === "undeclared") {
    const { run, deed } = found;
    const fields = {
      ...common,
      Image: run.image,
      CommandLine: run.line,
      CurrentDirectory: run.cwd,
      ProcessId: run.pid,
      ...(run.parent !== undefined && { ParentImage: run.parent.image, ParentCommandLine: run.parent.line }),
    };
    const events = [{ product: "bodycam", category: "undeclared_command", fields }];
    const { at, seq } = run;
    return { source: "process", channel: "claim", confidence: "confirmed", at, seq, run, deed, events };
  }
  const { at, seq, agent, tool, command, result } = found.call;
  const fields = { ...common, CommandLine: command, Agent: agent, Tool: tool, Result: result };
  const events = [{ product: "bodycam", category: "unexecuted_call", fields }];
  return { source: "tool-call", channel: "claim", confidence: "requested", at, seq, events };
}
