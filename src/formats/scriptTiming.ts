/** One line of script(1)'s timing, classic or advanced. */
export type TimingLine =
  | { readonly kind: "data"; readonly stream: "O" | "I"; readonly pause: number; readonly bytes: number }
  | { readonly kind: "signal"; readonly pause: number; readonly name: string; readonly value: string }
  | { readonly kind: "header"; readonly name: string; readonly value: string };

const CLASSIC = /^(-?\d{1,12}(?:\.\d{1,9})?) +(\d{1,15})$/;
const DATA = /^([OI]) +(-?\d{1,12}(?:\.\d{1,9})?) +(\d{1,15})$/;
const OTHER = /^([SH]) +(-?\d{1,12}(?:\.\d{1,9})?) +(\S{1,128}) ?(.*)$/;

/**
 * A line of a timing file: `0.123456 42` in the classic form, all output; `O`, `I`, `S` (signal) or `H` (header) in
 * front in the advanced one. Times are seconds since the line before. script(1), scriptreplay(1) of util-linux.
 * Undefined for anything else.
 */
export function parseTimingLine(line: string): TimingLine | undefined {
  const classic = CLASSIC.exec(line);
  if (classic !== null)
    return { kind: "data", stream: "O", pause: Number(classic[1]), bytes: Number(classic[2]) };
  const data = DATA.exec(line);
  if (data !== null) {
    const stream = data[1] === "I" ? "I" : "O";
    return { kind: "data", stream, pause: Number(data[2]), bytes: Number(data[3]) };
  }
  const [, type, pause, name = "", value = ""] = OTHER.exec(line) ?? [];
  if (type === "S") return { kind: "signal", pause: Number(pause), name, value };
  if (type === "H") return { kind: "header", name, value };
  return undefined;
}
