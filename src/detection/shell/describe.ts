import { quoteLine, quoteWord } from "./quote.js";
import { programName, type SimpleCommand } from "./simpleCommand.js";

/** Shell builtins: no file stands for them. */
const BUILTINS = new Set(
  `: . [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown enable eval
  exec exit export fc fg getopts hash help history jobs let local logout mapfile popd pushd read readarray readonly
  return set shift shopt source suspend times trap type typeset ulimit umask unalias unset wait`.split(/\s+/),
);

/** Where programs usually are. What a bare name stands for is a guess: the text does not say. */
export function imageOf(argv: readonly string[]): string {
  const word = argv[0] ?? "";
  if (word.includes("/") || BUILTINS.has(word) || word === "" || word.startsWith("$")) return word;
  return `/usr/bin/${word}`;
}

/** Options of commands whose value is a message for people, not something done. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  git: ["-m", "--message", "-am", "-F", "--grep", "-S", "-G", "--author"],
  hg: ["-m", "--message"],
  svn: ["-m", "--message"],
  jj: ["-m", "--message"],
  gh: [
    "-b",
    "--body",
    "-t",
    "--title",
    "-n",
    "--notes",
    "-d",
    "--desc",
    "--description",
    "-c",
    "--comment",
    "-S",
    "--search",
  ],
  glab: ["-m", "--message", "-d", "--description", "-t", "--title", "--notes"],
  bd: ["-d", "--description", "--notes", "--title"],
};

const OUTPUT = new Set([
  "echo",
  "printf",
  "print",
  "say",
  "notify-send",
  "logger",
  "wall",
  "figlet",
  "cowsay",
  "banner",
]);

/** What stands in a command line for words that are only text. */
export const ELIDED = "…";

/** Whether what a command is given is, in part, only text for people. */
export function isSaying({ argv }: SimpleCommand): boolean {
  const name = programName(argv);
  return OUTPUT.has(name) || MESSAGES[name] !== undefined;
}

/** The words of a command, without what commands within them only say: `sh -c 'echo …; make'`. */
function wordsOf({ argv, said }: SimpleCommand): readonly string[] {
  if (said.length === 0) return argv;
  return argv.map((word) =>
    said.reduce((text, one) => {
      const line = one.original.length > 3 && text.includes(one.original) ? commandLine(one) : undefined;
      return line === undefined ? text : text.replaceAll(one.original, () => line);
    }, word),
  );
}

/**
 * The command line that rules see: canonical, and without what is only said: the words of `echo` and `printf`,
 * commit messages, the bodies of issues and pull requests.
 */
export function commandLine(command: SimpleCommand): string {
  const { assignments } = command;
  const argv = wordsOf(command);
  const name = programName(argv);
  if (argv.length === 0)
    return `export ${assignments.map((one) => `${one.name}=${quoteWord(one.value)}`).join(" ")}`;
  if (OUTPUT.has(name)) return argv.length > 1 ? `${name} ${ELIDED}` : name;
  const messages = MESSAGES[name];
  if (messages === undefined) return quoteLine(argv);
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const long = messages.find((option) => option.startsWith("--") && word.startsWith(`${option}=`));
    const attached = messages.find(
      (option) => /^-\w$/.test(option) && word.startsWith(option) && word.length > 2,
    );
    if (long !== undefined) words.push(`${long}=${ELIDED}`);
    else if (messages.includes(word) && i + 1 < argv.length) {
      words.push(word, ELIDED);
      i++;
    } else if (attached !== undefined && !word.startsWith("--")) words.push(`${attached}${ELIDED}`);
    else words.push(quoteWord(word));
  }
  return words.join(" ");
}
