import type { FieldValue, RuleEvent } from "../../core/ruleEvent.js";
import type { FileAct } from "../code/findings.js";
import { commandLine, imageOf } from "../shell/describe.js";
import type { SimpleCommand } from "../shell/simpleCommand.js";
import { fileActs } from "./fileActs.js";
import { scopeOf } from "./scope.js";
import { statements } from "./statements.js";

/** A field is cut to this many characters: no rule needs more, and no line may fill the memory. */
const LONGEST_FIELD = 64 * 1024;

/** What started a command is told in its beginning: a script of many commands would be told again with each. */
const LONGEST_PARENT = 2 * 1024;

/** Where rules think the commands run. */
export type Product = "linux" | "macos";

/**
 * What a command is to the rules: its start (`process_creation`), the files it uses (`file_access`, `file_event`,
 * `file_delete`, `file_rename`) and the statements it gives to databases (`database`).
 */
export function commandEvents(
  command: SimpleCommand,
  {
    product,
    cwd,
    workspace = cwd,
  }: {
    readonly product: Product;
    readonly cwd?: string | undefined;
    readonly workspace?: string | undefined;
  },
): readonly RuleEvent[] {
  const line = commandLine(command);
  const image = command.argv.length === 0 ? "export" : imageOf(command.argv);
  const common = fields({
    Image: image,
    CommandLine: line,
    OriginalCommandLine: command.original,
    CurrentDirectory: command.cwd,
    Workspace: workspace,
    ParentImage: command.parent === undefined ? undefined : imageOf(command.parent.argv),
    ParentCommandLine: command.parent === undefined ? undefined : parentLine(command.parent),
    User: command.elevated ? "root" : undefined,
    PipedFrom: command.pipedFrom,
    StandardInput: command.stdin,
    DownloadedFrom: command.downloadedFrom,
    Environment: command.assignments.map((one) => `${one.name}=${one.value}`).join(" ") || undefined,
  });
  return [
    { product, category: "process_creation", fields: common },
    ...fileActs(command).map((act) => fileEvent(act, common, product, workspace)),
    ...statements(command).map((statement) => ({
      product,
      category: "database",
      fields: { ...common, ...fields({ Statement: statement }) },
    })),
  ];
}

const parentLines = new WeakMap<SimpleCommand, string>();

function parentLine(parent: SimpleCommand): string {
  const known = parentLines.get(parent);
  if (known !== undefined) return known;
  const line = commandLine(parent).slice(0, LONGEST_PARENT);
  parentLines.set(parent, line);
  return line;
}

function fileEvent(
  act: FileAct,
  common: RuleEvent["fields"],
  product: Product,
  workspace: string | undefined,
): RuleEvent {
  switch (act.act) {
    case "read":
    case "list":
      return {
        product,
        category: "file_access",
        fields: { ...common, FileName: act.path, TargetFilename: act.path, Access: act.act },
      };
    case "write":
    case "delete": {
      const category = act.act === "write" ? "file_event" : "file_delete";
      const Scope = scopeOf(act.path, workspace);
      return { product, category, fields: { ...common, ...(Scope && { Scope }), TargetFilename: act.path } };
    }
    case "rename": {
      const Scope = scopeOf(act.to, workspace);
      const paths = { SourceFilename: act.path, TargetFilename: act.to };
      return { product, category: "file_rename", fields: { ...common, ...(Scope && { Scope }), ...paths } };
    }
  }
}

function fields(given: Readonly<Record<string, string | undefined>>): Record<string, FieldValue> {
  const kept: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) kept[name] = value.slice(0, LONGEST_FIELD);
  return kept;
}
