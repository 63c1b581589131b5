import type { RuleEvent } from "../../core/ruleEvent.js";
import type { Hit } from "../judge.js";
import { isShell } from "../shell/interpreters.js";
import { programName } from "../shell/simpleCommand.js";
import type { Sighting } from "./sighting.js";

/**
 * Homes of people, which commands call `~` and the kernel by their names: by where homes are, or for a home elsewhere by
 * what is in it (`/data/anna/.ssh`, `/data/anna/Documents`).
 */
const HOMES =
  /\/(?:home|Users)\/[\w.-]+(?=\/|\s|'|"|$)|(?<![\w.~-])\/root(?=\/|\s|'|"|$)|(?<![\w.~/@+-])(?:\/[\w@+-][\w.@+-]*)+?(?=\/(?:\.[a-zA-Z]|(?:Documents|Downloads|Desktop|Pictures|Library)\/))/g;

/** A command line without what differs between saying and doing: the program's directory, the home's name, spaces. */
export function normalLine(line: string): string {
  const bare = line.replace(/^'?[^\s']*\/(?=[^\s/]+)/, "");
  return bare.replace(HOMES, "~").replace(/\s+/g, " ").trim();
}

const normalPath = (path: string): string => path.replace(HOMES, "~").replace(/(?<=.)\/+$/, "");

const textOf = (event: RuleEvent, field: string): string => {
  const value = event.fields[field];
  return typeof value === "string" ? value : "";
};

/**
 * By what two hits of one rule are known as the same act: for a command the command, for a file also the file, for a
 * connection its process and goal, for text the part that matched. The most telling first.
 */
export function identityOf({ event, matched }: Hit, { run }: Sighting): readonly string[] {
  const { category = "" } = event;
  if (category === "terminal" || category === "input")
    return [`text ${matched.map((one) => one.text.trim().replace(/\s+/g, " ").toLowerCase()).join(" ")}`];
  if (category === "network_connection")
    return [
      `goal ${textOf(event, "DestinationIp")} ${event.fields.DestinationPort ?? ""} ${run?.serial ?? textOf(event, "Image")}`,
    ];
  const keys: string[] = [];
  const line = textOf(event, "CommandLine");
  if (line !== "") keys.push(`command ${normalLine(line)}\0${textOf(event, "Statement").toLowerCase()}`);
  const path = textOf(event, "TargetFilename");
  if (path !== "" && category.startsWith("file")) keys.push(`${category} ${normalPath(path)}`);
  return keys.length > 0 ? keys : [`other ${matched.map((one) => one.text).join(" ")}`];
}

/** What a hit belongs to as one of many: a tool call (with no limit in time), a running program, a burst of lines. */
export interface Groups {
  readonly deed: string | undefined;
  readonly near: readonly string[];
}

const LOOPS = /^(xargs|find|gfind|fd|parallel|make|gmake|ninja)$/;
const isLoop = (argv: readonly string[]): boolean => {
  const name = programName(argv);
  return LOOPS.test(name) || (isShell(name) && argv.slice(1).some((word) => !/^-[il]+$/.test(word)));
};

export function groupsOf({ event }: Hit, { run, deed, channel }: Sighting): Groups {
  const { category = "" } = event;
  const near: string[] = [];
  if (category === "terminal") near.push("lines");
  const program = programName([textOf(event, "Image")]);
  if (run !== undefined) near.push(`run ${run.serial}`);
  else if (channel === "file") near.push(`process ${event.fields.ProcessId}`);
  // What a shell is told to run it starts, and in a loop the same program many times.
  if (run !== undefined && channel === "shell") near.push(`under ${run.serial} ${program}`);
  else if (run?.parent !== undefined && isLoop(run.parent.argv))
    near.push(`under ${run.parent.serial} ${program}`);
  return { deed: deed === undefined ? undefined : `deed ${deed.number} ${program}`, near };
}
