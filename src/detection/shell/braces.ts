/** More words than this from one brace expansion are not expanded. */
const MOST = 64;

/** Splits the inside of `{…}` at its top-level commas; undefined when there is none. */
function alternatives(inside: string): readonly string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < inside.length; i++) {
    const c = inside.charAt(i);
    if (c === "{") depth++;
    else if (c === "}") depth--;
    else if (c === "," && depth === 0) {
      parts.push(inside.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(inside.slice(from));
  return parts.length > 1 ? parts : undefined;
}

const unquoted = (text: string): string => text.replace(/\\(.)|["']/g, "$1");

/** What a brace expansion such as `{Cookies,"Login Data"}` or `{1..3}` stands for; itself when it is too much. */
export function expandBraces(text: string): readonly string[] {
  const inside = text.slice(1, -1);
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(inside);
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    const step = low <= high ? 1 : -1;
    const count = Math.abs(high - low) + 1;
    return count > MOST ? [text] : Array.from({ length: count }, (_, i) => String(low + i * step));
  }
  const parts = alternatives(inside);
  if (parts === undefined || parts.length > MOST) return [text];
  return parts.map(unquoted);
}
