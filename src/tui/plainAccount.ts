import type { Flag } from "../core/flag.js";
import type { EventSource } from "../replay/eventSource.js";
import { shownTexts } from "../replay/moment.js";
import { Player } from "../replay/player.js";
import { layOut } from "../replay/timeline.js";
import { renderRow } from "../terminal/renderRow.js";
import { safeText } from "../terminal/safeText.js";
import { LEVEL_SIGN } from "./palette.js";
import { lengthText, momentText } from "./timeText.js";

/** What the replay says of the session beside what is in its recording. */
export interface SessionInfo {
  readonly command: readonly string[];
  /** A session's id as people see it. */
  readonly id?: string;
  /** Something that the reviewer has to know of this replay. */
  readonly notice?: string;
}

export interface AccountInput {
  readonly source: EventSource;
  readonly flags: readonly Flag[];
  readonly session: SessionInfo;
}

/**
 * A session's flags and the screen at the first of them as plain text, for where there is no terminal to replay
 * on. Holds nothing but printable characters and line feeds.
 */
export function plainAccount({ source, flags, session }: AccountInput): string {
  const timeline = layOut(source, flags);
  const player = new Player(timeline, source, { now: () => 0 });
  const count = `${flags.length} ${flags.length === 1 ? "flag" : "flags"}`;
  const head = [session.id, session.command.join(" "), lengthText(timeline.duration), count];
  const lines = [safeText(head.filter((part) => part !== undefined && part !== "").join(" · "))];
  for (const flag of timeline.flags) lines.push("", ...flagLines(flag));
  if (timeline.flags.length > 0) {
    player.goToFlag(0);
    const found = player.findFlag();
    const note = found === undefined ? "; its text was not on the screen" : "";
    lines.push("", `The screen at the first flag (${momentText(player.state.at)}${note}):`);
    lines.push(...screenLines(player, new Set(found?.map(({ row }) => row))));
  }
  return `${lines.join("\n")}\n`;
}

function flagLines(flag: Flag): string[] {
  const { level, title, sentence } = flag.rule;
  const said = safeText(sentence === "" ? title : sentence);
  const [text] = shownTexts(flag);
  return [
    `${LEVEL_SIGN[level]} ${level.padEnd(8)} ${momentText(flag.at).padStart(9)}  ${said}`,
    ...(text === undefined ? [] : [`                      ${safeText(text)}`]),
  ];
}

/** The screen in a frame, blank rows at its end left out, flagged rows pointed at. */
function screenLines({ screen }: Player, flagged: ReadonlySet<number>): string[] {
  let rows = screen.rows;
  while (rows > 1 && screen.rowText(rows - 1) === "") rows--;
  const edge = "─".repeat(screen.cols);
  const lines = [`  ┌${edge}┐`];
  for (let row = 0; row < rows; row++) {
    const text = renderRow(screen, row)
      .map((segment) => segment.text)
      .join("");
    lines.push(`${flagged.has(row) ? "▶ " : "  "}│${text}│`);
  }
  lines.push(`  └${edge}┘`);
  return lines;
}
