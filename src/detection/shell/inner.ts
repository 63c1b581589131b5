import type { Language } from "../code/findings.js";

/** Something that one command makes another run: words, shell text, or a program's text. */
export type Inner =
  | { readonly kind: "argv"; readonly argv: readonly string[]; readonly elevated?: boolean }
  | {
      readonly kind: "script";
      readonly text: string;
      readonly elevated?: boolean;
      /** The script's own `$1`, `$2`, … */
      readonly args?: readonly string[];
    }
  | { readonly kind: "code"; readonly language: Language; readonly text: string };

/** The text of a file written before, by its path. */
export type FileText = (path: string) => string | undefined;

/** What a command is given besides its words. */
export interface Given {
  readonly stdin: string | undefined;
  readonly fileText: FileText;
}

export const words = (argv: readonly string[]): readonly Inner[] =>
  argv.length > 0 ? [{ kind: "argv", argv }] : [];

export const script = (text: string | undefined): readonly Inner[] =>
  text === undefined || text.trim() === "" ? [] : [{ kind: "script", text }];
