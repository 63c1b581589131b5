import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LineAgent, Place } from "./agent.js";
import { list, moment, parsed, type Shape, shape, text } from "./shapes.js";
import { type Reader, Telling, type Told } from "./told.js";

/**
 * Gemini CLI: `~/.gemini/tmp/<project>/chats/session-*.jsonl`, where `projects.json` says which project a working
 * directory is (older ones: `<project>` is its SHA-256, and the file one JSON document that is written anew each time).
 * A message is written again whenever it changes, and a call only once it is over, with its result. Subagents write to
 * `chats/<session>/*.jsonl`. A rewind (`$rewindTo`) takes words back, not what was done. Shapes: 0.61.0.
 */
export const gemini: LineAgent = {
  store: "lines",
  name: "gemini",
  programs: ["gemini"],
  packages: ["@google/gemini-cli"],
  keepsOpen: false,
  resumes: (args) => args.some((arg) => /^(-r|--resume)(=|$)/.test(arg)),
  reader,
  async folders(place) {
    const known = shape(shape(await json(join(home(place), "projects.json")))?.projects);
    const names = place.cwds.flatMap((cwd) => [text(known?.[cwd]), sha256(cwd)]);
    return names
      .filter((name) => name !== undefined && /^[\w.-]+$/.test(name))
      .map((name) => ({ path: join(home(place), "tmp", name as string, "chats"), depth: 0 }));
  },
  isTranscript: (path) => /\/tmp\/[^/]+\/chats\/(session-[^/]+\.jsonl?|[^/]+\/[^/]+\.jsonl)$/.test(path),
  origin(record, path, place) {
    const head = shape(record);
    const session = text(head?.sessionId);
    const project = text(head?.projectHash);
    if (head === undefined || session === undefined || project === undefined) return undefined;
    return {
      session,
      parent: head.kind === "subagent" ? basename(dirname(path)) : undefined,
      here: place.cwds.some((cwd) => sha256(cwd) === project),
      startedAt: moment(head.startTime),
    };
  },
  children: (path, origin) =>
    origin === undefined || !/^[\w-]+$/.test(origin.session)
      ? undefined
      : { path: join(dirname(path), origin.session), depth: 0 },
};

const home = (place: Place): string => join(place.env.GEMINI_CLI_HOME || place.home, ".gemini");

const sha256 = (of: string): string => createHash("sha256").update(of).digest("hex");

const json = async (path: string): Promise<unknown> => parsed(await readFile(path, "utf8").catch(() => ""));

function reader(): Reader {
  const telling = new Telling("gemini");
  return (record) => {
    const line = shape(record);
    if (line === undefined) return [];
    const messages = [line, ...list(line.messages), ...list(shape(line.$set)?.messages)];
    return messages.flatMap((message) => messageFacts(telling, shape(message)));
  };
}

function messageFacts(telling: Telling, message: Shape | undefined): readonly Told[] {
  const began = moment(message?.timestamp);
  return list(message?.toolCalls).flatMap((entry) => {
    const call = shape(entry);
    const id = text(call?.id);
    if (call === undefined || id === undefined) return [];
    const ended = moment(call.timestamp);
    const told = telling.call(
      id,
      text(call.name) ?? "",
      call.args ?? {},
      began ?? ended,
      call.name === "run_shell_command" ? text(shape(call.args)?.command) : undefined,
    );
    if (call.status !== "success" && call.status !== "error" && call.status !== "cancelled") return told;
    const output = list(call.result).map(responseText).join("\n") || (text(call.resultDisplay) ?? "");
    const failed = call.status !== "success" || /^Exit Code: -?[1-9]/m.test(output.slice(-2000));
    return [...told, ...telling.result(id, failed, output, ended ?? began)];
  });
}

/** The text of a function's response, without the frame that says to the model that it is not to be trusted. */
function responseText(part: unknown): string {
  const response = shape(shape(shape(part)?.functionResponse)?.response);
  const said = text(response?.output) ?? text(response?.error) ?? text(shape(part)?.text) ?? "";
  return said.replace(/^<untrusted_context>\n/, "").replace(/\n<\/untrusted_context>$/, "");
}
