import type { SessionMeta } from "../core/event.js";
import { type Shape, shape, text } from "../observe/transcripts/shapes.js";
import type { Findings } from "./findings.js";
import { type Head, isSide } from "./foreign.js";
import { parseSmallJson } from "./jsonText.js";

/** The version that the header of an asciicast claims: 1, 2 or 3, else undefined. */
export function castVersion(header: unknown): 1 | 2 | 3 | undefined {
  const version = shape(header)?.version;
  return version === 1 || version === 2 || version === 3 ? version : undefined;
}

/**
 * The head of an asciicast of any version. Sizes stand in `width` and `height`, or in `term` since version 3.
 * https://docs.asciinema.org/manual/asciicast/v3 and v2, v1 beside it
 * @param source the header as it stands in the file
 */
export function readCastHead(source: string, findings: Findings): Head {
  const header = shape(parseSmallJson(source));
  if (header === undefined) findings.add("bad-header");
  const term = shape(header?.term);
  const [cols, rows] = term === undefined ? [header?.width, header?.height] : [term.cols, term.rows];
  const sized = isSide(cols) && isSide(rows);
  if (!sized && (cols !== undefined || rows !== undefined)) findings.add("bad-header");
  const env = shape(header?.env);
  return {
    size: sized ? { cols, rows } : undefined,
    term: text(term?.type) ?? text(env?.TERM),
    // By the specification, the command is the person's shell where none is named.
    command: text(header?.command) ?? text(env?.SHELL),
    startedAt: startOf(header?.timestamp),
    text: source,
  };
}

/** Whole seconds since 1970 by the specification; some recorders write fractions. */
function startOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== "number" || !(timestamp > 0) || timestamp > 1e11) return undefined;
  return Math.round(timestamp * 1e6);
}

/**
 * The header of an asciicast of a session. Of one that was imported from an asciicast, everything that stood in its
 * header is written again. @param startedAt wall clock, microseconds since 1970
 */
export function writeCastHeader(version: 2 | 3, meta: SessionMeta, startedAt: number): string {
  const own = meta.imported?.format.startsWith("asciicast") === true;
  const before = own ? shape(parseSmallJson(meta.imported.header)) : undefined;
  const {
    version: _,
    width: __,
    height: ___,
    term,
    theme,
    env,
    ...rest
  } = before ?? described(meta, startedAt);
  const { cols, rows } = meta.size;
  const colours = shape(term)?.theme ?? theme;
  const texts = Object.entries(shape(env) ?? {}).filter((entry) => typeof entry[1] === "string");
  if (version === 2) {
    const named = meta.term === "" || texts.some(([name]) => name === "TERM");
    const all = Object.fromEntries(named ? texts : [["TERM", meta.term], ...texts]);
    return JSON.stringify({ version, width: cols, height: rows, ...rest, env: all, theme: colours });
  }
  const type = before?.version === 3 ? shape(term)?.type : meta.term || undefined;
  return JSON.stringify({
    version,
    term: { ...shape(term), cols, rows, type, theme: colours },
    ...rest,
    env: texts.length === 0 ? undefined : Object.fromEntries(texts),
  });
}

const described = (meta: SessionMeta, startedAt: number): Shape => ({
  timestamp: Math.floor(startedAt / 1e6),
  command: shellText(meta.command),
});

const shellText = (words: readonly string[]): string | undefined =>
  words.length === 0
    ? undefined
    : words
        .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
        .join(" ");
