/** A command that program text starts: shell text, or a list of words. */
export type CodeCommand =
  | { readonly kind: "script"; readonly text: string }
  | { readonly kind: "argv"; readonly argv: readonly string[] };

/** How a file is used. */
export type FileAct =
  | { readonly act: "read" | "list" | "write" | "delete"; readonly path: string }
  | { readonly act: "rename"; readonly path: string; readonly to: string };

/** What the text of a Python, JavaScript, Ruby or Perl program does, as far as its literals tell. */
export interface CodeFindings {
  readonly commands: readonly CodeCommand[];
  readonly files: readonly FileAct[];
  /** SQL statements among its strings. */
  readonly statements: readonly string[];
  /** Hosts and URLs among its strings. */
  readonly urls: readonly string[];
}

export type Language = "python" | "javascript" | "ruby" | "perl" | "php";
