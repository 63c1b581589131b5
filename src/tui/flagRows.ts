import type { Confidence, Evidence, Flag } from "../core/flag.js";
import { safeText } from "../terminal/safeText.js";
import { SOURCES } from "./flagPane.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";
import { row } from "./rowText.js";
import { momentText } from "./timeText.js";

const KNOWN: Readonly<Record<Confidence, string>> = {
  seen: "only seen",
  requested: "asked for",
  confirmed: "confirmed",
};

/** By what an act is known that never came onto the screen. The surest first. */
const BEHIND: readonly (readonly [Evidence["source"], string])[] = [
  ["process", "the kernel saw"],
  ["file", "the kernel saw"],
  ["network", "the kernel saw"],
  ["tool-call", "the agent asked for"],
  ["typed", "typed was"],
];

/** Two rows about a flag. `shown`: its text is on the screen now. `ever`: it was at any time near; undefined: not known. */
export function flagRows(
  flag: Flag | undefined,
  shown: boolean,
  ever: boolean | undefined,
  verdict: string | undefined,
  width: number,
): (readonly Piece[])[] {
  if (flag === undefined)
    return [
      row([{ text: " No flag so far: n goes to the first", look: "dim" }], [], width),
      row([], [], width),
    ];
  const { level, sentence, title } = flag.rule;
  const first: Piece[] = [
    { text: ` ${LEVEL_SIGN[level]} ${level.toUpperCase()} `, look: level },
    { text: ` ${safeText(sentence === "" ? title : sentence)}`, look: "strong" },
  ];
  const judged: Piece[] = verdict === undefined ? [] : [{ text: `${safeText(verdict)} `, look: "strong" }];
  const behind = ever === false ? behindTheScreen(flag) : undefined;
  if (behind !== undefined) return [row(first, judged, width), row(behind, [], width)];
  const evidence = flag.evidence[0];
  const second: Piece[] = [{ text: `   ${momentText(flag.at)}  ${KNOWN[flag.confidence]}`, look: "dim" }];
  if (evidence !== undefined)
    second.push(
      { text: ` ${SOURCES[evidence.source]}: `, look: "dim" },
      { text: safeText(evidence.summary), look: "plain" },
    );
  const banner: Piece[] = shown ? [] : [{ text: "not on the screen at this moment ", look: "notShown" }];
  return [row(first, judged, width), row(second, banner, width)];
}

/** The banner of an act that the screen never showed; undefined when it is known from the screen. */
function behindTheScreen(flag: Flag): readonly Piece[] | undefined {
  if (flag.evidence.some(({ source }) => source === "screen")) return undefined;
  for (const [source, said] of BEHIND) {
    const evidence = flag.evidence.find((one) => one.source === source);
    if (evidence === undefined) continue;
    return [
      { text: `   ${momentText(flag.at)}  `, look: "dim" },
      { text: "not shown on screen", look: "bar" },
      { text: ` ${said} `, look: "notShown" },
      { text: safeText(evidence.summary), look: "strong" },
    ];
  }
  return undefined;
}
