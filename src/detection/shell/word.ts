import { expandBraces } from "./braces.js";
import type { Scope } from "./scope.js";
import type { DoubleQuotedChild, Script, Word, WordPart } from "./syntax.js";

/** More fields than this from one word are not followed. */
const MOST_FIELDS = 64;

/** How a word's nested scripts are read: gives what a script would print when that is plain from its text. */
export type ReadNested = (script: Script, text: string, process: boolean) => string | undefined;

/**
 * What a word becomes when a shell runs it, as far as the text alone tells: quotes taken off, braces expanded,
 * known variables put in and split. What is not known stays as it is written.
 */
export function resolveWord(word: Word, scope: Scope, nested: ReadNested): readonly string[] {
  if (word.parts === undefined) return [word.value];
  const done: string[] = [];
  // The fields that the next part is added to: several after a brace expansion.
  let open: string[] = [""];
  const append = (texts: readonly string[]): void => {
    if (open.length * texts.length <= MOST_FIELDS)
      open = open.flatMap((field) => texts.map((text) => field + text));
  };
  const appendSplit = (value: string): void => {
    const pieces = value.split(/[ \t\n]+/).slice(0, MOST_FIELDS);
    append(pieces.slice(0, 1));
    if (pieces.length === 1) return;
    done.push(...open, ...pieces.slice(1, -1));
    open = pieces.slice(-1);
  };
  for (const part of word.parts) {
    switch (part.type) {
      case "BraceExpansion":
        append(expandBraces(part.text));
        break;
      case "SimpleExpansion":
      case "ParameterExpansion":
      case "CommandExpansion": {
        const value = expansion(part, scope, nested);
        if (value === undefined) append([part.text]);
        else appendSplit(value);
        break;
      }
      default:
        append([partText(part, scope, nested)]);
    }
  }
  const fields = [...done, ...open];
  return /^["']/.test(word.text) ? fields : fields.filter((field) => field !== "");
}

/** A word as one text, whatever it would split into. */
export const resolveText = (word: Word, scope: Scope, nested: ReadNested): string =>
  word.parts === undefined ? word.value : word.parts.map((part) => partText(part, scope, nested)).join("");

/** The text of a here-document's parts. */
export const partsText = (parts: readonly WordPart[], scope: Scope, nested: ReadNested): string =>
  parts.map((part) => partText(part, scope, nested)).join("");

function partText(part: WordPart | DoubleQuotedChild, scope: Scope, nested: ReadNested): string {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.map((inner) => partText(inner, scope, nested)).join("");
    case "SimpleExpansion":
    case "ParameterExpansion":
    case "CommandExpansion":
      return expansion(part, scope, nested) ?? part.text;
    case "ProcessSubstitution":
      if (part.script !== undefined) nested(part.script, part.text, true);
      return part.text;
    default:
      return part.text;
  }
}

type Expansion = Extract<WordPart, { type: "SimpleExpansion" | "ParameterExpansion" | "CommandExpansion" }>;

function expansion(part: Expansion, scope: Scope, nested: ReadNested): string | undefined {
  switch (part.type) {
    case "CommandExpansion":
      return part.script === undefined ? undefined : nested(part.script, part.text, false);
    case "SimpleExpansion":
      return variable(part.text.slice(1), scope);
    case "ParameterExpansion": {
      if (part.prefix !== undefined || part.index !== undefined) return undefined;
      const value = variable(part.parameter, scope);
      const { operation } = part;
      if (operation === undefined) return value;
      if (operation.type === "Default" && operation.operator.includes("-"))
        return value ?? resolveText(operation.operand, scope, nested);
      // `${PATH:0:1}` and the like are a way to write `/` without writing it.
      if (operation.type === "Slice" && operation.offset.value === "0" && operation.length?.value === "1")
        return ["PATH", "HOME", "PWD", "SHELL"].includes(part.parameter) ? "/" : value?.slice(0, 1);
      if (operation.type === "Remove" && operation.operator === "%" && operation.operand.value === "/*")
        return value?.replace(/\/[^/]*$/, "");
      return undefined;
    }
  }
}

function variable(name: string, scope: Scope): string | undefined {
  const known = scope.vars.get(name);
  if (known !== undefined) return known;
  if (name === "HOME") return "~";
  if (name === "IFS") return " ";
  if (name === "PWD") return scope.cwd;
  // Unset positional parameters are a way to break a word up: `c$9at`.
  return /^[1-9]$|^[@*]$/.test(name) ? "" : undefined;
}
