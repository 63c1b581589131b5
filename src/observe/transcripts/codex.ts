import { basename, join } from "node:path";
import type { LineAgent, Place } from "./agent.js";
import { holdersOf } from "./processes.js";
import { list, moment, parsed, type Shape, shape, text } from "./shapes.js";
import { blocksText, type Reader, Telling, type Told } from "./told.js";

/**
 * Codex: `$CODEX_HOME/sessions/YYYY/MM/DD/rollout-*.jsonl`, by the local date on which the conversation began. It appends
 * while it runs and keeps the file open. Conversations that rest for a week may become `rollout-*.jsonl.zst`, and plain
 * again when they go on. Subagents have files of their own beside it, which name their parent. Shapes: 0.169.0.
 */
export const codex: LineAgent = {
  store: "lines",
  name: "codex",
  programs: ["codex"],
  packages: ["@openai/codex"],
  keepsOpen: true,
  resumes: (args) => args.includes("resume") || args.includes("fork"),
  reader,
  async folders(place, now, all) {
    if (all) return [{ path: join(home(place), "sessions"), depth: 3 }];
    const day = 24 * 60 * 60 * 1000;
    // A conversation stays in the folder of the day on which it began.
    return [now, now - day].map((at) => ({ path: join(home(place), "sessions", ...dateOf(at)), depth: 0 }));
  },
  isTranscript: (path) =>
    /^rollout-.*\.jsonl(\.zst)?$/.test(basename(path)) && /\/(archived_)?sessions\//.test(path),
  origin(record, _path, place) {
    const line = shape(record);
    const meta = shape(line?.payload);
    if (line?.type !== "session_meta" || meta === undefined) return undefined;
    const session = text(meta.id) ?? text(meta.session_id);
    const cwd = text(meta.cwd);
    if (session === undefined || cwd === undefined) return undefined;
    const spawn = shape(shape(shape(meta.source)?.subagent)?.thread_spawn);
    return {
      session,
      parent: text(spawn?.parent_thread_id),
      here: place.cwds.includes(cwd),
      startedAt: moment(meta.timestamp) ?? moment(line.timestamp),
    };
  },
  children: () => undefined,
  owners: (path) => holdersOf(path),
};

/** The tools that run a command; which of them there are depends on the model. */
const SHELLS = new Set(["exec_command", "shell", "shell_command", "container.exec", "local_shell"]);

const home = (place: Place): string => place.env.CODEX_HOME || join(place.home, ".codex");

function dateOf(at: number): readonly string[] {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  return [String(date.getFullYear()), two(date.getMonth() + 1), two(date.getDate())];
}

function reader(): Reader {
  const telling = new Telling("codex");
  return (record) => {
    const line = shape(record);
    const payload = shape(line?.payload);
    if (line === undefined || payload === undefined) return [];
    const at = moment(line.timestamp);
    if (line.type === "response_item") return itemFacts(telling, payload, at);
    if (line.type === "event_msg") return doneFacts(telling, shape(payload.item), at);
    return [];
  };
}

function itemFacts(telling: Telling, item: Shape, at: number | undefined): readonly Told[] {
  const call = text(item.call_id) ?? text(item.id) ?? "";
  const tool = text(item.name) ?? "";
  switch (item.type) {
    case "function_call": {
      const input = parsed(text(item.arguments) ?? "") ?? item.arguments;
      return telling.call(call, tool, input, at, commandOf(tool, shape(input)));
    }
    case "custom_tool_call": {
      const input = text(item.input) ?? "";
      return telling.call(call, tool, input, at, undefined, patchedFiles(input));
    }
    case "local_shell_call": {
      const action = shape(item.action);
      return telling.call(call, "local_shell", action ?? {}, at, commandLine(action?.command));
    }
    case "function_call_output":
    case "custom_tool_call_output": {
      const output = outputText(item.output);
      return telling.result(call, shape(item.output)?.success === false || failedText(output), output, at);
    }
    default:
      return [];
  }
}

/**
 * What Codex says it ran. Most of it was called for before, under the same id; what a program of the `exec` tool ran,
 * and what the person typed with `!`, is only here.
 */
function doneFacts(telling: Telling, item: Shape | undefined, at: number | undefined): readonly Told[] {
  const call = text(item?.id);
  if (item?.type !== "CommandExecution" || call === undefined || telling.knows(call)) return [];
  const tool = item.source === "user_shell" ? "user_shell" : "exec_command";
  const told = telling.call(
    call,
    tool,
    { command: item.command, cwd: item.cwd },
    at,
    commandLine(item.command),
  );
  const failed = typeof item.exit_code === "number" && item.exit_code !== 0;
  return [...told, ...telling.result(call, failed, text(item.aggregated_output) ?? "", at)];
}

function commandOf(tool: string, input: Shape | undefined): string | undefined {
  if (input === undefined || !SHELLS.has(tool)) return undefined;
  return text(input.cmd) ?? commandLine(input.command);
}

/** The command as a person would type it: `["bash", "-lc", "ls | wc"]` is `ls | wc`. */
function commandLine(command: unknown): string | undefined {
  if (typeof command === "string") return command;
  const words = list(command).filter((word) => typeof word === "string");
  if (words.length === 0) return undefined;
  const [shell = "", option = "", script] = words;
  if (
    words.length === 3 &&
    script !== undefined &&
    /^-l?c$/.test(option) &&
    /(^|\/)(ba|z|da|)sh$/.test(shell)
  )
    return script;
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

/** The files that a patch of `apply_patch` names in its headings. */
const patchedFiles = (patch: string): readonly string[] =>
  [...patch.matchAll(/^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm)].map(
    (match) => match[1] ?? "",
  );

/** Outputs are a text, a list of blocks, or `{content, success}`; older ones are JSON in a text. */
function outputText(output: unknown): string {
  const inner = shape(output);
  if (inner !== undefined) return blocksText(inner.content);
  return blocksText(output);
}

function failedText(output: string): boolean {
  if (output.startsWith("{")) {
    const code = shape(shape(parsed(output))?.metadata)?.exit_code;
    return typeof code === "number" && code !== 0;
  }
  // Only the head that Codex puts before the output, not what the command itself printed.
  const head = output.slice(0, 400).split(/^Output:/m)[0] ?? "";
  const code = /^(?:Process exited with code|Exit code:) (-?\d+)/m.exec(head)?.[1];
  return code !== undefined ? Number(code) !== 0 : /^(?:exec_command|shell)? ?failed\b/i.test(head);
}
