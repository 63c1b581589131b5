import { KEYS } from "./keys.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";
import { row } from "./rowText.js";

const LABEL_WIDTH = 10;
const WIDE = 76;

/** The help, from the table of keys: in two columns where there is room. `without`: actions that are not offered. */
export function helpRows(cols: number, rows: number, without: ReadonlySet<string>): (readonly Piece[])[] {
  const signs = Object.entries(LEVEL_SIGN).map(([level, sign]) => `${sign} ${level}`);
  const keys = KEYS.filter(({ action }) => !without.has(action));
  const columns = cols >= WIDE ? 2 : 1;
  const high = Math.ceil(keys.length / columns);
  const width = Math.floor(cols / columns);
  const cell = (i: number): readonly Piece[] => {
    const binding = keys[i];
    if (binding === undefined) return row([], [], width);
    const label: Piece = { text: `  ${binding.label.padEnd(LABEL_WIDTH)}`, look: "strong" };
    return row([label, { text: binding.help, look: "plain" }], [], width);
  };
  const lines: (readonly Piece[])[] = [
    [{ text: " bodycam replay: keys", look: "strong" }],
    ...Array.from({ length: high }, (_, i) =>
      Array.from({ length: columns }, (__, column) => cell(column * high + i)).flat(),
    ),
    [
      {
        text: "  Mouse: click or drag on the timeline; the wheel moves, with Shift or Ctrl it zooms",
        look: "plain",
      },
    ],
    [{ text: `  Flags by level: ${signs.join("  ")}   hits: ┇`, look: "dim" }],
  ];
  const fitted = lines.slice(0, rows - 1);
  while (fitted.length < rows - 1) fitted.push([]);
  return [...fitted, [{ text: " any key goes back to the replay", look: "bar" as const }]].map((pieces) =>
    row(pieces, [], cols),
  );
}
