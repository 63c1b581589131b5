import { displayText } from "../core/displayText.js";
import type { Confidence, Evidence, EvidenceSource, Flag } from "../core/flag.js";

/** How long a command or a path may be in a sentence. */
const LONGEST = 160;

/** A flag's confidence in one plain sentence, with who told of it. */
export function confidenceText(flag: Flag): string {
  const told = [...new Set(flag.evidence.map((piece) => WITNESSES[witnessOf(piece)]))];
  const and = told.length > 1 ? ` (told by ${listed(told)})` : "";
  switch (flag.confidence) {
    case "confirmed":
      return `confirmed: the system saw it happen${and}`;
    case "requested":
      return flag.evidence.some((piece) => piece.source === "typed")
        ? `asked for: it was typed; nothing shows yet that it happened${and}`
        : `asked for: the agent wanted it done; nothing shows yet that it happened${and}`;
    case "seen":
      return flag.evidence.every((piece) => piece.source === "tool-call")
        ? "only seen in what a tool gave back to the agent: it may be no more than text"
        : `only seen on the screen: it may be no more than text${and}`;
  }
}

/** One piece of evidence in one plain sentence. */
export function evidenceText(piece: Evidence): string {
  const { fields, category } = piece;
  const what = shown(piece.summary);
  switch (witnessOf(piece)) {
    case "screen":
      return `it stood on the screen: ${what}`;
    case "result":
      return `a tool gave this back to the agent: ${what}`;
    case "typed":
      return `it was typed: ${what}`;
    case "call":
      if (category === "unexecuted_call")
        return `the agent's own record says that this was run, but the system saw nothing of it: ${what}`;
      return fields.CommandLine === undefined && fields.TargetFilename !== undefined
        ? `the agent used its tool ${shown(fields.Image ?? "")} on ${shown(fields.TargetFilename)}`
        : `the agent asked for it in a tool call: ${what}`;
    case "shell":
      return `the system saw a program being told to run: ${what}`;
    case "system":
      return systemText(piece, what);
  }
}

type Witness = "screen" | "result" | "typed" | "call" | "shell" | "system";

const WITNESSES: Readonly<Record<Witness, string>> = {
  screen: "the screen",
  result: "a tool's result",
  typed: "the keyboard",
  call: "the agent's own record",
  shell: "the system",
  system: "the system",
};

const USUAL: Readonly<Record<EvidenceSource, Confidence>> = {
  screen: "seen",
  typed: "requested",
  "tool-call": "requested",
  process: "confirmed",
  file: "confirmed",
  network: "confirmed",
};

function witnessOf({ source, confidence = USUAL[source] }: Evidence): Witness {
  switch (source) {
    case "screen":
    case "typed":
      return source;
    case "tool-call":
      return confidence === "seen" ? "result" : "call";
    case "process":
      return confidence === "confirmed" ? "system" : "shell";
    case "file":
    case "network":
      return "system";
  }
}

/** What the system saw a program do. */
function systemText({ source, category, fields }: Evidence, what: string): string {
  const { TargetFilename: path = "", SourceFilename: from = "" } = fields;
  const saw = `the system saw ${doer(fields)}`;
  if (category === "files_lost")
    return `${saw} move ${fields.LostCount} files onto ${shown(path)}, each over the one before; lost: ${shown(fields.LostFiles ?? "")}; left: ${shown(fields.KeptFile ?? "")}`;
  if (category === "undeclared_command")
    return `${saw} run, and no tool call in the agent's own record says so: ${what}`;
  if (source === "network")
    return `${saw} connect to ${shown(fields.DestinationIp ?? "")}, port ${fields.DestinationPort ?? "?"}`;
  if (source === "file") {
    const store = fields.Store === undefined ? "" : ` (${shown(fields.Store)})`;
    if (category === "file_access") return `${saw} open ${shown(path)}${store}`;
    if (category === "file_delete") return `${saw} delete ${shown(path)}${store}`;
    if (category === "file_rename") return `${saw} move ${shown(from)} to ${shown(path)}${store}`;
    return `${saw} write ${shown(path)}${store}`;
  }
  return `${saw} start: ${what}`;
}

/** `/usr/bin/cp (process 1234)` */
function doer(fields: Evidence["fields"]): string {
  const process = fields.ProcessId === undefined ? "" : ` (process ${fields.ProcessId})`;
  return `${fields.Image === undefined ? "a program" : shown(fields.Image)}${process}`;
}

const shown = (text: string): string => displayText(text, LONGEST);

const listed = (all: readonly string[]): string =>
  all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
