import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LineAgent, Place } from "./agent.js";
import { list, moment, parsed, type Shape, shape, text } from "./shapes.js";
import { blocksText, type Reader, Telling, type Told } from "./told.js";

/** Claude Code cuts the names of project folders here and puts a hash behind. */
const LONGEST_FOLDER = 200;

const SHELLS = new Set(["Bash", "PowerShell"]);

/**
 * Claude Code: `projects/<folder>/<session>.jsonl` in `$CLAUDE_CONFIG_DIR` or `~/.claude`, where `<folder>` is the
 * working directory with `-` for all but letters and digits. A call is written before it runs. Subagents write to
 * `<session>/subagents/…/agent-*.jsonl`, older ones beside the session. While it runs, `sessions/<pid>.json` says which
 * process has which session: the one proof of whose a transcript is. Shapes: 2.1.197.
 */
export const claude: LineAgent = {
  store: "lines",
  name: "claude",
  programs: ["claude"],
  packages: ["@anthropic-ai/claude-code"],
  keepsOpen: false,
  resumes: (args) => args.some((arg) => /^(-c|-r|--continue|--resume)(=|$)/.test(arg)),
  reader,
  folders: async (place) => place.cwds.map((cwd) => ({ path: projectFolder(place, cwd), depth: 0 })),
  isTranscript: (path) => /\/projects\/[^/]+\/.*\.jsonl$/.test(path) && !/\/journal\.jsonl$/.test(path),
  origin(record, path, place) {
    const line = shape(record);
    const session = text(line?.sessionId);
    const cwd = text(line?.cwd);
    if (line === undefined || session === undefined || cwd === undefined) return undefined;
    const isChild = basename(path).startsWith("agent-");
    return {
      session: isChild ? basename(path, ".jsonl") : session,
      parent: isChild ? session : undefined,
      here: place.cwds.includes(cwd),
      startedAt: moment(line.timestamp),
    };
  },
  children: (path) =>
    basename(path).startsWith("agent-")
      ? undefined
      : { path: join(dirname(path), basename(path, ".jsonl"), "subagents"), depth: 3 },
  async ofProcess(pid, place) {
    const entry = await running(place, `${pid}.json`);
    if (entry === undefined) return undefined;
    return { session: entry.session, path: join(projectFolder(place, entry.cwd), `${entry.session}.jsonl`) };
  },
  async owners(_path, origin, place) {
    const names = await readdir(join(home(place), "sessions")).catch(() => []);
    const entries = await Promise.all(names.map((name) => running(place, name)));
    return entries.flatMap((entry) => (entry?.session === origin.session ? [entry.pid] : []));
  },
};

/** What a process of Claude Code says of itself in `sessions/<pid>.json`. */
async function running(
  place: Place,
  name: string,
): Promise<{ pid: number; session: string; cwd: string } | undefined> {
  const said = await readFile(join(home(place), "sessions", name), "utf8").catch(() => "");
  const entry = shape(parsed(said));
  const session = text(entry?.sessionId);
  const cwd = text(entry?.cwd);
  const pid = Number(basename(name, ".json"));
  if (entry?.pid !== pid || session === undefined || cwd === undefined || !/^[\w-]+$/.test(session))
    return undefined;
  return { pid, session, cwd };
}

const home = (place: Place): string => place.env.CLAUDE_CONFIG_DIR || join(place.home, ".claude");

const projectFolder = (place: Place, cwd: string): string =>
  join(home(place), "projects", cwd.replaceAll(/[^a-zA-Z0-9]/g, "-").slice(0, LONGEST_FOLDER));

function reader(): Reader {
  const telling = new Telling("claude");
  return (record) => {
    const line = shape(record);
    const message = shape(line?.message);
    if (line === undefined || message === undefined) return [];
    const at = moment(line.timestamp);
    const typed = typedCommand(message.content);
    if (typed !== undefined && line.type === "user")
      return telling.call(text(line.uuid) ?? "", "user_shell", { command: typed }, at, typed);
    return list(message.content).flatMap((block) => blockFacts(telling, shape(block), at));
  };
}

function blockFacts(telling: Telling, block: Shape | undefined, at: number | undefined): readonly Told[] {
  if (block?.type === "tool_use") {
    const tool = text(block.name) ?? "";
    // Other tools have a field of this name too, with another meaning.
    const command = SHELLS.has(tool) ? text(shape(block.input)?.command) : undefined;
    return telling.call(text(block.id) ?? "", tool, block.input ?? {}, at, command);
  }
  if (block?.type === "tool_result")
    return telling.result(
      text(block.tool_use_id) ?? "",
      block.is_error === true,
      blocksText(block.content),
      at,
    );
  return [];
}

/** What the person had the shell run with `!`. */
const typedCommand = (content: unknown): string | undefined =>
  /^<bash-input>([\s\S]*)<\/bash-input>$/.exec(text(content) ?? "")?.[1];
