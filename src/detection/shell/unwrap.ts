import { afterDashes, contained } from "./containers.js";
import type { Given, Inner } from "./inner.js";
import { script } from "./inner.js";
import { embedded, interpreterInner, isShell, shellInner } from "./interpreters.js";
import { optionValue } from "./options.js";
import { prefixed } from "./prefixes.js";
import { spread } from "./spread.js";

/** The commands that a command runs in its turn, as far as its words and its known input tell. */
export function unwrap(name: string, argv: readonly string[], given: Given): readonly Inner[] {
  if (isShell(name)) return shellInner(argv, given);
  switch (name) {
    case "eval":
      return script(argv.slice(1).join(" "));
    case "source":
    case ".":
      return script(argv[1] === undefined ? undefined : given.fileText(argv[1]));
    case "trap":
      return argv.length > 2 ? script(argv[1]) : [];
    case "at":
    case "batch":
      return script(given.stdin);
    case "crontab":
      return crontab(argv, given);
    case "nix-shell":
    case "nix":
      return [...script(optionValue(argv, ["--run", "--command"])), ...afterDashes(argv)];
    case "hyperfine":
    case "concurrently":
      return argv.slice(1).flatMap((word) => (word.includes(" ") ? script(word) : []));
    case "nodemon":
      return script(optionValue(argv, ["--exec", "-x"]));
    case "xdotool":
      return argv[1] === "type" ? script(argv.at(-1)) : [];
  }
  const text = given.fileText(argv[0] ?? "");
  if (text !== undefined) return [writtenProgram(text, argv)];
  for (const inner of [prefixed(name, argv), spread(name, argv, given), interpreterInner(name, argv, given)])
    if (inner.length > 0) return inner;
  return [...embedded(name, argv), ...contained(name, argv)];
}

/** A file that was written before and is run by its name: its first line says in what language. */
function writtenProgram(text: string, argv: readonly string[]): Inner {
  const first = /^#!\s*\S*?(?:env\s+(?:-S\s+)?)?([\w.]+)\s*$/m.exec(text.slice(0, 200))?.[1] ?? "sh";
  const program = interpreterInner(first, [first, "-"], { stdin: text, fileText: () => undefined })[0];
  return program ?? { kind: "script", text, args: argv.slice(1) };
}

/** The commands of a crontab that is read from standard input or from a file written before. */
function crontab(argv: readonly string[], given: Given): readonly Inner[] {
  const file = argv.slice(1).find((word) => !word.startsWith("-"));
  const text = file === undefined ? given.stdin : given.fileText(file);
  if (text === undefined) return [];
  return text.split("\n").flatMap((line) => {
    const command = /^\s*(?:@\w+|(?:[\d*/,a-zA-Z-]+\s+){5})(.+)$/.exec(line)?.[1];
    return command === undefined ? [] : script(command);
  });
}
