import { normalPath } from "./paths.js";
import type { Scope } from "./scope.js";

/** Lets a builtin change what is known: `cd`, `export`, `alias`, `set --`, `unset`. */
export function readBuiltin(argv: readonly string[], scope: Scope): void {
  switch (argv[0]) {
    case "cd":
    case "pushd": {
      const target = argv.slice(1).find((word) => !/^-[LPe@]+$/.test(word) && word !== "--") ?? "~";
      // Where `cd -` and `cd $unknown` lead is not known.
      scope.cwd = target === "-" ? undefined : normalPath(target, scope.cwd);
      return;
    }
    case "export":
    case "declare":
    case "local":
    case "readonly":
    case "typeset":
      for (const word of argv.slice(1)) {
        const pair = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
        if (pair?.[1] !== undefined) scope.vars.set(pair[1], pair[2] ?? "");
      }
      return;
    case "unset":
      for (const name of argv.slice(1)) scope.vars.delete(name);
      return;
    case "alias":
      for (const word of argv.slice(1)) {
        const at = word.indexOf("=");
        if (at > 0) scope.aliases.set(word.slice(0, at), word.slice(at + 1));
      }
      return;
    case "set":
      if (argv[1] === "--")
        for (const [i, word] of argv.slice(2, 11).entries()) scope.vars.set(String(i + 1), word);
      return;
    default:
  }
}
