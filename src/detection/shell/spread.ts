import { type Given, type Inner, script, words } from "./inner.js";
import { firstOperand, operands, optionValue } from "./options.js";

/** More commands than this from one list of words are not followed. */
const MOST = 32;

/** What `find -exec`, `xargs`, `parallel` and `fd -x` run, with the names that are known put in. */
export function spread(name: string, argv: readonly string[], given: Given): readonly Inner[] {
  switch (name) {
    case "find":
    case "gfind":
      return findInner(argv);
    case "fd":
    case "fdfind": {
      const at = argv.findIndex((word) => ["-x", "-X", "--exec", "--exec-batch"].includes(word));
      const command = at < 0 ? [] : argv.slice(at + 1);
      const [pattern = "*", root = "."] = operands(argv.slice(0, Math.max(at, 0)), {
        values: ["-e", "-t", "-d", "-E"],
      });
      return words(command.includes("{}") ? putIn(command, `${root}/*/${pattern}`) : command);
    }
    case "xargs":
    case "gxargs":
      return xargsInner(argv, given);
    case "parallel": {
      const end = argv.findIndex((word) => word.startsWith(":::"));
      const first = firstOperand(argv, 1, { values: ["-j", "-n", "-N", "--jobs", "-a", "--colsep", "-S"] });
      const command = argv.slice(first, end < 0 ? undefined : end);
      const values = end < 0 ? [] : argv.slice(end + 1, end + 1 + MOST);
      if (values.length === 0) return script(command.join(" "));
      return values.flatMap((value) =>
        script(
          command.some((w) => w.includes("{}"))
            ? putIn(command, value).join(" ")
            : [...command, value].join(" "),
        ),
      );
    }
    default:
      return [];
  }
}

const putIn = (command: readonly string[], value: string): readonly string[] =>
  command.map((word) => word.replaceAll("{}", value));

/** The roots that a `find` starts from. */
export function findRoots(argv: readonly string[]): readonly string[] {
  let from = 1;
  while (/^-([HLP]|D|O\d)$/.test(argv[from] ?? "")) from++;
  let to = from;
  while (to < argv.length && !/^[-(!)]/.test(argv[to] ?? "")) to++;
  return to === from ? ["."] : argv.slice(from, to);
}

function findInner(argv: readonly string[]): readonly Inner[] {
  const found: Inner[] = [];
  const path = optionValue(argv, ["-path", "-ipath", "-wholename"]);
  const name = optionValue(argv, ["-name", "-iname"]);
  const targets = findRoots(argv).map((root) => {
    if (path !== undefined) return path.startsWith("*") ? `${root}/${path}` : path;
    return name === undefined ? root : `${root}/*/${name}`;
  });
  for (let i = 1; i < argv.length; i++) {
    if (!/^-(exec|execdir|ok|okdir)$/.test(argv[i] ?? "")) continue;
    let end = i + 1;
    while (end < argv.length && argv[end] !== ";" && argv[end] !== "+") end++;
    const command = argv.slice(i + 1, end);
    for (const target of targets) found.push(...words(putIn(command, target)));
    i = end;
  }
  return found.slice(0, MOST);
}

function xargsInner(argv: readonly string[], given: Given): readonly Inner[] {
  const values = [
    "-I",
    "-n",
    "-P",
    "-L",
    "-s",
    "-d",
    "-E",
    "-a",
    "-J",
    "-R",
    "--replace",
    "--max-args",
    "--max-procs",
    "--delimiter",
  ];
  const start = firstOperand(argv, 1, { values });
  const command = argv.slice(start);
  if (command.length === 0) return [];
  const input = given.stdin
    ?.split(/[\s\0]+/)
    .filter((word) => word !== "")
    .slice(0, MOST);
  const options = argv.slice(1, start);
  const mark =
    optionValue(options, ["-I", "-J", "--replace"], 0) ??
    (options.some((o) => /^-i|^-I$/.test(o)) ? "{}" : undefined);
  if (input === undefined || input.length === 0) return words(command);
  if (mark === undefined) return words([...command, ...input]);
  return input.flatMap((value) => words(command.map((word) => word.replaceAll(mark, value))));
}
