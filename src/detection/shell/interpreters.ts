import type { Language } from "../code/findings.js";
import { type Given, type Inner, script, words } from "./inner.js";
import { firstOperand, optionValues } from "./options.js";

const SHELLS = new Set(["sh", "bash", "zsh", "dash", "ksh", "mksh", "ash", "fish", "rbash", "yash", "oksh"]);

export const isShell = (name: string): boolean => SHELLS.has(name);

interface Interpreter {
  readonly language: Language;
  /** Options whose value is program text. */
  readonly text: readonly string[];
  readonly values?: readonly string[];
}

const INTERPRETERS: readonly (readonly [RegExp, Interpreter])[] = [
  [/^(python|pypy)[\d.]*$|^ipython\d?$/, { language: "python", text: ["-c"], values: ["-W", "-X"] }],
  [
    /^(node|nodejs|bun|deno|tsx|ts-node|qjs)$/,
    {
      language: "javascript",
      text: ["-e", "-p", "-pe", "--eval", "--print"],
      values: ["-r", "--require", "--import", "--loader"],
    },
  ],
  [/^(ruby|jruby)[\d.]*$/, { language: "ruby", text: ["-e"], values: ["-r", "-I"] }],
  [
    /^perl[\d.]*$/,
    {
      language: "perl",
      text: ["-e", "-E", "-ne", "-pe", "-lne", "-wle", "-le", "-nle", "-pie"],
      values: ["-I", "-M"],
    },
  ],
  [/^php[\d.]*$/, { language: "php", text: ["-r", "-B", "-R"] }],
];

const interpreterOf = (name: string): Interpreter | undefined =>
  INTERPRETERS.find(([form]) => form.test(name))?.[1];

/** Whether a program runs text in another language than the shell's. */
export const isInterpreter = (name: string): boolean => interpreterOf(name) !== undefined;

/** What a shell is given to run: `-c` text, a file written before, or its standard input. */
export function shellInner(argv: readonly string[], given: Given): readonly Inner[] {
  let i = 1;
  while (i < argv.length) {
    const word = argv[i] ?? "";
    if (/^-[a-zA-Z]*c$/.test(word) || word === "--command") {
      // Options may follow `-c`; its text is the first operand.
      const at = firstOperand(argv, i + 1, { values: ["-o", "-O"] });
      const text = argv[at];
      return text === undefined ? [] : [{ kind: "script", text, args: argv.slice(at + 2) }];
    }
    if (word === "-s" || word === "-") return script(given.stdin);
    if (!/^[-+]/.test(word)) break;
    // `-euo pipefail`: the last letter of a cluster may take a value.
    i += /^[-+][a-zA-Z]*[oO]$|^--(rcfile|init-file)$/.test(word) ? 2 : 1;
  }
  const file = argv[i];
  if (file === undefined) return script(given.stdin);
  const text = file === "/dev/stdin" ? given.stdin : given.fileText(file);
  return text === undefined ? [] : [{ kind: "script", text, args: argv.slice(i + 1) }];
}

/** What an interpreter of another language is given to run. */
export function interpreterInner(name: string, argv: readonly string[], given: Given): readonly Inner[] {
  const consoleText = frameworkConsole(name, argv);
  if (consoleText !== undefined) return [consoleText];
  const interpreter = interpreterOf(name);
  if (interpreter === undefined) return [];
  const { language } = interpreter;
  const texts =
    name === "deno" && argv[1] === "eval" ? argv.slice(2, 3) : optionValues(argv, interpreter.text);
  if (texts.length > 0) return texts.map((text) => ({ kind: "code", language, text }));
  if (language === "python") {
    const at = argv.indexOf("-m");
    const module = argv[at + 1];
    if (at > 0 && module !== undefined) return words([module, ...argv.slice(at + 2)]);
  }
  const file = argv[firstOperand(argv, 1, { values: interpreter.values ?? [] })];
  const text =
    file === undefined || file === "-" || file === "/dev/stdin"
      ? given.stdin
      : file === "run"
        ? undefined
        : given.fileText(file);
  return text === undefined ? [] : [{ kind: "code", language, text }];
}

/** `manage.py shell -c`, `rails runner` and the like: program text for an application's own console. */
function frameworkConsole(name: string, argv: readonly string[]): Inner | undefined {
  const shell = argv.indexOf("shell");
  if (
    shell > 0 &&
    (name === "flask" || argv.slice(0, shell).some((word) => /manage\.py$|django-admin/.test(word)))
  ) {
    const text = optionValues(argv, ["-c", "--command"], shell)[0];
    return text === undefined ? undefined : { kind: "code", language: "python", text };
  }
  const runner = argv.indexOf("runner");
  const text = argv[runner + 1];
  if (name === "rails" && runner > 0 && text !== undefined) return { kind: "code", language: "ruby", text };
  const tinker = argv.indexOf("tinker");
  const php = tinker > 0 ? optionValues(argv, ["--execute"], tinker)[0] : undefined;
  return php === undefined ? undefined : { kind: "code", language: "php", text: php };
}

/** Programs that take shell text in a language of their own. */
export function embedded(name: string, argv: readonly string[]): readonly Inner[] {
  switch (name) {
    case "osascript":
      return optionValues(argv, ["-e"]).flatMap(appleScript);
    case "awk":
    case "gawk":
    case "mawk":
    case "nawk":
      return argv.flatMap((word) =>
        [...word.matchAll(/system\(\s*"([^"]{1,4000})"/g)].flatMap((m) => script(m[1])),
      );
    case "vim":
    case "vi":
    case "nvim":
    case "ex":
      return [...optionValues(argv, ["-c", "--cmd"]), ...argv.filter((w) => w.startsWith("+"))].flatMap(
        (text) =>
          /^\+?:?\s*(?:silent\s+)?!/.test(text) ? script(text.replace(/^\+?:?\s*(?:silent\s+)?!/, "")) : [],
      );
    case "tmux": {
      const at = argv.findIndex((word) =>
        /^(send-keys|send|new-session|new|new-window|neww|split-window|respawn-pane)$/.test(word),
      );
      if (at < 0) return [];
      const first = firstOperand(argv, at + 1, {
        values: ["-t", "-s", "-n", "-c", "-e", "-F", "-x", "-y", "-l", "-p"],
      });
      return script(
        argv
          .slice(first)
          .filter((word) => !/^(Enter|C-m|KPEnter)$/.test(word))
          .join(" "),
      );
    }
    case "screen": {
      const at = argv.indexOf("-X");
      if (at > 0 && argv[at + 1] === "stuff") return script(argv[at + 2]?.replaceAll("\\n", "\n"));
      return words(argv.slice(firstOperand(argv, 1, { values: ["-S", "-c", "-t", "-h", "-p", "-L"] })));
    }
    default:
      return [];
  }
}

/** Longer AppleScript is read no further: looking for its strings takes quadratic time on hostile text. */
const LONGEST = 16 * 1024;

function appleScript(text: string): readonly Inner[] {
  const shells = [...text.slice(0, LONGEST).matchAll(/do shell script\s+"((?:[^"\\]|\\.)*)"/g)];
  return shells.flatMap((match) => {
    const inner = script((match[1] ?? "").replace(/\\(.)/g, "$1"));
    return inner.map((one) => ({ ...one, elevated: text.includes("administrator privileges") }));
  });
}
