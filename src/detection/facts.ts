import type { Confidence, EvidenceSource } from "../core/flag.js";
import type { FileFact, Observation, ProcessFact, ToolFact } from "../core/observation.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import { type Context, observeArgv, observeCommand, observeLine } from "./observe.js";

/** Events that one fact gives, and how well they are known. */
export interface Observed {
  readonly events: readonly RuleEvent[];
  readonly source: EvidenceSource;
  readonly confidence: Confidence;
}

/** Processes are remembered for naming the ones that files and connections belong to; so many at most. */
const MOST_PROCESSES = 10_000;

/** Turns facts from beyond the terminal into events for rules. Remembers which process is which program. */
export class FactReader {
  readonly #images = new Map<number, string>();

  read(observation: Observation, context: Context): readonly Observed[] {
    switch (observation.source) {
      case "process":
        return this.#process(observation.fact, context);
      case "file":
        return fileFact(observation.fact, context);
      case "tool":
        return toolFact(observation.fact, context);
      case "coverage":
        return [];
    }
  }

  #process(fact: ProcessFact, context: Context): readonly Observed[] {
    const image = this.#images.get(fact.pid);
    const one = (category: string, fields: RuleEvent["fields"]): readonly Observed[] => [
      {
        events: [
          { product: context.product, category, fields: { ...(image && { Image: image }), ...fields } },
        ],
        source:
          category === "network_connection" ? "network" : category.startsWith("file") ? "file" : "process",
        confidence: "confirmed",
      },
    ];
    switch (fact.what) {
      case "exec":
        this.#remember(fact.pid, fact.image);
        return started(fact, context);
      case "fork":
        if (image !== undefined) this.#remember(fact.child, image);
        return [];
      case "exit":
        this.#images.delete(fact.pid);
        return [];
      case "connect":
        return one("network_connection", {
          DestinationIp: fact.address,
          DestinationPort: fact.port,
          Initiated: "true",
          ProcessId: fact.pid,
        });
      case "delete":
        return one("file_delete", { TargetFilename: fact.path, ProcessId: fact.pid });
      case "rename":
        return one("file_rename", {
          SourceFilename: fact.from,
          TargetFilename: fact.to,
          ProcessId: fact.pid,
        });
      case "truncate":
        return one("file_event", { TargetFilename: fact.path, ProcessId: fact.pid });
    }
  }

  #remember(pid: number, image: string): void {
    this.#images.delete(pid);
    this.#images.set(pid, image);
    const [oldest] = this.#images.keys();
    if (this.#images.size > MOST_PROCESSES && oldest !== undefined) this.#images.delete(oldest);
  }
}

/**
 * A program that the kernel started. What a shell among them is told to run is only requested: the kernel will say
 * itself which of it was started.
 */
function started(fact: Extract<ProcessFact, { what: "exec" }>, context: Context): readonly Observed[] {
  const [own = [], ...inner] = observeArgv(fact.argv, { ...context, cwd: fact.cwd });
  const known = { Image: fact.image, ProcessId: fact.pid, ParentProcessId: fact.ppid };
  const events = own.map((event) => ({ ...event, fields: { ...event.fields, ...known } }));
  return [
    { events, source: "process", confidence: "confirmed" },
    { events: inner.flat(), source: "process", confidence: "requested" },
  ];
}

/** What happened to a sensitive file. Without a process of the session it may have been anybody: it is left alone. */
function fileFact(fact: FileFact, { product }: Context): readonly Observed[] {
  if (fact.by === undefined) return [];
  const fields = {
    Image: fact.by.image,
    CommandLine: fact.by.command,
    ProcessId: fact.by.pid,
    TargetFilename: fact.path,
  };
  const event = (category: string, more: RuleEvent["fields"] = {}): readonly Observed[] => [
    {
      events: [{ product, category, fields: { ...fields, ...more } }],
      source: "file",
      confidence: "confirmed",
    },
  ];
  switch (fact.what) {
    case "open":
    case "read":
    case "link":
      return event("file_access", { FileName: fact.path, Access: "read" });
    case "write":
      return event("file_event");
    case "move":
      return event("file_rename", { SourceFilename: fact.path });
    case "delete":
      return event("file_delete");
  }
}

const WRITES = /write|edit|create|update|patch|replace|insert/i;
const DELETES = /delete|remove/i;
const LISTS = /^(ls|list|glob|list_directory|listdir)$/i;

/** What an agent says that it does, and what its tools gave back to it without it ever being on the screen. */
function toolFact(fact: ToolFact, context: Context): readonly Observed[] {
  if (fact.what === "result") {
    const events = fact.output.split("\n").flatMap(observeLine);
    return [{ events, source: "tool-call", confidence: "seen" }];
  }
  const commands = fact.command === undefined ? [] : observeCommand(fact.command, context);
  const files = fact.paths.map((path): RuleEvent => {
    const { product } = context;
    const fields = { Image: fact.tool, TargetFilename: path };
    if (DELETES.test(fact.tool)) return { product, category: "file_delete", fields };
    if (WRITES.test(fact.tool)) return { product, category: "file_event", fields };
    const access = LISTS.test(fact.tool) ? "list" : "read";
    return { product, category: "file_access", fields: { ...fields, FileName: path, Access: access } };
  });
  return [{ events: [...commands, ...files], source: "tool-call", confidence: "requested" }];
}
