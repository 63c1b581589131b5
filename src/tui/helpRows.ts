import { KEYS } from "./keys.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";
import { row } from "./rowText.js";

const LABEL_WIDTH = 14;

/** The help, from the table of keys. */
export function helpRows(cols: number, rows: number): (readonly Piece[])[] {
  const signs = Object.entries(LEVEL_SIGN).map(([level, sign]) => `${sign} ${level}`);
  const lines: (readonly Piece[])[] = [
    [{ text: " bodycam replay: keys", look: "strong" }],
    [],
    ...KEYS.map(({ label, help }): readonly Piece[] => [
      { text: `  ${label.padEnd(LABEL_WIDTH)}`, look: "strong" },
      { text: help, look: "plain" },
    ]),
    [],
    [{ text: `  Flags by level: ${signs.join("  ")}`, look: "dim" }],
  ];
  const fitted = lines.slice(0, rows - 1);
  while (fitted.length < rows - 1) fitted.push([]);
  return [...fitted, [{ text: " any key goes back to the replay", look: "bar" as const }]].map((pieces) =>
    row(pieces, [], cols),
  );
}
