import { type ParsedScript, parse } from "unbash";

export type {
  Assignment,
  CommandNode,
  DoubleQuotedChild,
  PipelineNode,
  Redirection,
  Statement,
  SyntaxNode,
  Word,
  WordPart,
} from "unbash";
export { forEachChild } from "unbash";
export type Script = ParsedScript;
export type Command = import("unbash").Command;

/** Text beyond this is read in two pieces, its beginning and its end, so that padding can't hide a command. */
const WHOLE = 256 * 1024;
/** unbash takes quadratic time on deep nesting (1 s for 65,000 characters of `$(`): such text is cut shorter. */
const NESTED = 16 * 1024;
const MANY_OPENERS = 2_000;

const openers = (text: string): number => {
  let count = 0;
  for (let i = 0; i < text.length && count < MANY_OPENERS; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x60 || (c === 0x28 && i > 0 && "$<>(@".includes(text.charAt(i - 1)))) count++;
    else if (c === 0x3c && text.charCodeAt(i + 1) === 0x3c) count++;
  }
  return count;
};

/** A piece of shell text and its tree. Positions in the tree count from the start of `source`. */
export interface Parsed {
  readonly source: string;
  readonly script: Script;
}

/**
 * Parses shell text as Bash, tolerantly: broken text gives the part of a tree that could be made of it.
 * Never throws; time and memory are bounded whatever the text.
 */
export function parseShell(text: string): readonly Parsed[] {
  const limit = openers(text) >= MANY_OPENERS ? NESTED : WHOLE;
  if (text.length <= limit) return parseOne(text);
  const tail = text.slice(text.length - limit / 4);
  const lineStart = tail.indexOf("\n") + 1;
  return [...parseOne(text.slice(0, limit)), ...parseOne(tail.slice(lineStart))];
}

function parseOne(source: string): readonly Parsed[] {
  try {
    return [{ source, script: parse(source) }];
  } catch (error) {
    // Thousands of nested `coproc` or `function` exhaust the stack: no shell would run that text either.
    if (error instanceof RangeError) return [];
    throw error;
  }
}
