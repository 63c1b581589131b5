import { BACKGROUND, FOREGROUND } from "./palette.js";
import { escapeMarkup, type Run, type Still } from "./screenStill.js";

const CELL = 8;
const ROW = 17;
const PAD = 12;
/** From the top of a row to where its letters stand. */
const BASELINE = 13;

/**
 * A still as an SVG image, without scripts and links. Each run of text is told how wide it is, so that it stands in its
 * cells whatever font there is.
 */
export function writeSvg({ cols, rows, caption }: Still): string {
  const width = cols * CELL + 2 * PAD;
  const height = (rows.length + 1) * ROW + 2 * PAD;
  const parts = rows.flatMap((runs, row) => {
    const top = PAD + row * ROW;
    return [...runs.flatMap((run) => box(run, top)), ...runs.flatMap((run) => letters(run, top))];
  });
  const foot = PAD + rows.length * ROW + BASELINE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeMarkup(caption)}</title>
<rect width="${width}" height="${height}" rx="6" fill="${BACKGROUND}"/>
<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="13" fill="${FOREGROUND}">
${parts.join("\n")}
<text x="${PAD}" y="${foot}" fill="#9aa0a6" font-size="11">${escapeMarkup(caption)}</text>
</g>
</svg>
`;
}

function box({ column, width, bg, marked }: Run, top: number): readonly string[] {
  const place = `x="${PAD + column * CELL}" y="${top}" width="${width * CELL}" height="${ROW}"`;
  return [
    ...(bg === undefined ? [] : [`<rect ${place} fill="${bg}"/>`]),
    ...(marked ? [`<rect ${place} fill="none" stroke="#ffb000" stroke-width="2"/>`] : []),
  ];
}

function letters(run: Run, top: number): readonly string[] {
  // Spaces at the ends of a text are nothing to draw, and would be taken away by some viewers.
  const text = run.text.trimEnd();
  const shown = text.trimStart();
  if (shown === "") return [];
  const before = text.length - shown.length;
  const cells = run.width - before - (run.text.length - text.length);
  const x = PAD + (run.column + before) * CELL;
  return [
    `<text x="${x}" y="${top + BASELINE}" textLength="${cells * CELL}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${styleOf(run)}>${escapeMarkup(shown)}</text>`,
  ];
}

function styleOf({ fg, style }: Run): string {
  const lines = [
    style.underline === "none" ? "" : "underline",
    style.strike ? "line-through" : "",
    style.overline ? "overline" : "",
  ].filter((line) => line !== "");
  return [
    fg === FOREGROUND ? "" : ` fill="${fg}"`,
    style.bold ? ' font-weight="bold"' : "",
    style.dim ? ' opacity=".6"' : "",
    style.italic ? ' font-style="italic"' : "",
    lines.length === 0 ? "" : ` text-decoration="${lines.join(" ")}"`,
  ].join("");
}
