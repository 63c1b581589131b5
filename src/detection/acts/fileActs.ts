import type { FileAct } from "../code/findings.js";
import { isInterpreter, isShell } from "../shell/interpreters.js";
import { operands, optionValue, optionValues } from "../shell/options.js";
import { looksLikePath, normalPath } from "../shell/paths.js";
import { programName, type SimpleCommand } from "../shell/simpleCommand.js";
import { findRoots } from "../shell/spread.js";

/** Commands whose words are text or names, never files they open. */
const TEXT_ONLY = new Set(
  `echo printf print alias unalias export declare local readonly typeset unset basename dirname expr let seq true false
  : type which whereis command hash history exit return kill pkill killall sleep trap set shopt ulimit umask date cal
  whoami id groups hostname uname cd pushd popd pwd man tldr say notify-send logger apropos whatis mount umount
  readlink realpath ssh-keyscan ping dig nslookup host getent useradd usermod adduser passwd`.split(/\s+/),
);

/** Commands that say that files are there, and what they are called, without opening them. */
const LISTING = new Set(
  "ls ll la dir vdir tree exa eza lsd stat gstat file du ncdu test [ [[ namei lsattr getfattr getfacl mdls chmod chown chgrp chflags xattr".split(
    " ",
  ),
);

/** Commands that take files away. */
const DELETING = new Set("rm grm unlink shred srm rmdir trash trash-put wipe gio rimraf del-cli".split(" "));

/** Commands that write the files they are given. */
const WRITING = new Set("tee touch mkdir truncate mktemp fallocate install-info sponge".split(" "));

/** Options that take a value, for commands where that value would look like a file or hide one. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  grep: ["-A", "-B", "-C", "-m", "--include", "--exclude", "--exclude-dir", "-d", "-D"],
  rg: ["-A", "-B", "-C", "-m", "-g", "--glob", "-t", "-T", "--type", "-j", "--max-depth", "-r"],
  sed: ["-l", "-i''"],
  awk: ["-v", "-F"],
  jq: ["--arg", "--argjson", "--indent"],
  head: ["-n", "-c"],
  tail: ["-n", "-c"],
  cut: ["-d", "-f", "-c", "-b"],
  sort: ["-k", "-t"],
  chmod: ["--reference"],
};

/** Commands whose first operand is a pattern or a program, unless an option gives it; then come files. */
const PATTERN_FIRST: Readonly<Record<string, readonly string[]>> = {
  grep: ["-e", "-f", "--regexp", "--file"],
  egrep: ["-e", "-f"],
  fgrep: ["-e", "-f"],
  zgrep: ["-e", "-f"],
  rg: ["-e", "-f", "--regexp", "--files"],
  ag: [],
  ack: [],
  ugrep: ["-e", "-f"],
  sed: ["-e", "-f", "--expression"],
  gsed: ["-e", "-f", "--expression"],
  awk: ["-f"],
  gawk: ["-f"],
  mawk: ["-f"],
  jq: ["-f", "--from-file"],
  yq: [],
  chmod: [],
  chown: [],
  chgrp: [],
  perl: ["-e"],
};

/**
 * The files that a command opens, lists, writes, deletes or renames, as far as its words tell. A word that looks
 * like a path counts as read by a command that nothing is known of. Paths are normal forms (`shell/paths.ts`).
 */
export function fileActs(command: SimpleCommand): readonly FileAct[] {
  const at = (path: string): string => normalPath(path, command.cwd);
  const acts: FileAct[] = [];
  for (const path of command.reads) acts.push({ act: "read", path: at(path) });
  for (const path of command.writes) if (path !== "/dev/null") acts.push({ act: "write", path: at(path) });
  for (const act of [...wordActs(command.argv), ...(command.code?.files ?? [])])
    acts.push(
      act.act === "rename" ? { ...act, path: at(act.path), to: at(act.to) } : { ...act, path: at(act.path) },
    );
  return acts;
}

const each = (act: "read" | "list" | "write" | "delete", paths: readonly string[]): readonly FileAct[] =>
  paths.filter((path) => path !== "-" && path !== "").map((path) => ({ act, path }));

function wordActs(argv: readonly string[]): readonly FileAct[] {
  const name = programName(argv);
  if (argv.length === 0 || TEXT_ONLY.has(name)) return [];
  const words = operands(argv, { values: VALUES[name] ?? [] });
  if (/^(ls|ll|la|dir|tree|eza|exa|du)$/.test(name) && words.length === 0) return each("list", ["."]);
  if (LISTING.has(name))
    return each(
      "list",
      Object.hasOwn(PATTERN_FIRST, name) ? words.slice(1) : words.filter((word) => word !== "]"),
    );
  if (DELETING.has(name)) return each("delete", name === "gio" ? words.slice(1) : words);
  if (WRITING.has(name)) return each("write", words);
  if (Object.hasOwn(PATTERN_FIRST, name)) return patternFirst(name, argv, words);
  switch (name) {
    case "cp":
    case "gcp":
    case "install":
    case "rsync":
    case "scp":
    case "ditto":
    case "sftp":
    case "rclone":
      return copied(argv, words);
    case "mv":
    case "gmv":
    case "rename":
      return moved(argv, words);
    case "ln":
      return words.length < 2
        ? each("read", words)
        : [...each("read", words.slice(0, -1)), ...each("write", words.slice(-1))];
    case "dd":
      return argv.flatMap((word) => {
        if (word.startsWith("if=")) return each("read", [word.slice(3)]);
        return word.startsWith("of=") ? each("write", [word.slice(3)]) : [];
      });
    case "find":
    case "gfind":
      return each(argv.includes("-delete") ? "delete" : "list", findRoots(argv));
    case "fd":
    case "fdfind":
      return each("list", words.slice(1));
    case "curl":
    case "wget":
      return transfer(argv);
    case "git":
      return gitActs(argv, words);
    case "gh":
    case "glab":
    case "npm":
    case "pnpm":
    case "yarn":
    case "brew":
    case "apt":
    case "apt-get":
      return [];
    case "tar":
    case "bsdtar":
    case "gtar":
      return tarred(argv, words);
    default:
      return each("read", [...pathWords(words.filter(notCode(name, argv))), ...attachedPaths(argv)]);
  }
}

/** What a shell or an interpreter is given to run is looked into elsewhere: it is no name of a file. */
function notCode(name: string, argv: readonly string[]): (word: string) => boolean {
  if (isShell(name)) {
    const hasText = argv.some((word) => /^-[a-zA-Z]*c$/.test(word));
    return () => !hasText;
  }
  if (!isInterpreter(name)) return () => true;
  const options = name === "php" ? /^-[rBR]$/ : /^-[a-zA-Z]*[ceEp]$|^--(eval|print)$/;
  const code = new Set(argv.filter((_, place) => options.test(argv[place - 1] ?? "")));
  return (word) => !code.has(word);
}

const pathWords = (words: readonly string[]): readonly string[] =>
  words.filter((word) => (looksLikePath(word) && !isText(word)) || isStoreName(word));

/** Words with spaces are text of programs and for people, unless they begin as a path does. */
const isText = (word: string): boolean => /\s/.test(word) && !/^(~|\.{0,2}\/|\$|file:)/.test(word);

/** Names so telling that they are files even without a directory, after a `cd`. */
const isStoreName = (word: string): boolean =>
  /^(Cookies|Login Data|Web Data|key[34]\.db|logins\.json|cookies\.sqlite|Cookies\.binarycookies|Local State|id_(rsa|dsa|ecdsa|ed25519)|credentials|\.env(\.\w+)?|[\w.-]+\.(sqlite3?|db|pem|key|p12|pfx|kdbx|tfstate|json|ya?ml|txt|sql|sh|py|js|conf|cfg|ini|log))(-journal|-wal)?$/.test(
    word,
  );

/** `--file=/path`, `@/path` and `-d@/path`: paths attached to an option. */
const attachedPaths = (argv: readonly string[]): readonly string[] =>
  argv.slice(1).flatMap((word) => {
    const value = /^--?[\w-]+=(.+)$/s.exec(word)?.[1] ?? /^(?:-\w)?@(.+)$/s.exec(word)?.[1];
    return value !== undefined && looksLikePath(value) ? [value] : [];
  });

function patternFirst(name: string, argv: readonly string[], words: readonly string[]): readonly FileAct[] {
  const given = (PATTERN_FIRST[name] ?? []).some(
    (option) => argv.includes(option) || argv.some((w) => w.startsWith(`${option}=`)),
  );
  const files = given
    ? words.filter((word) => !optionValues(argv, PATTERN_FIRST[name] ?? []).includes(word))
    : words.slice(1);
  const inPlace = /sed$|perl/.test(name) && argv.some((word) => /^-[a-zA-Z]*i|^--in-place/.test(word));
  return each(inPlace ? "write" : "read", name === "perl" ? pathWords(files) : files);
}

function copied(argv: readonly string[], words: readonly string[]): readonly FileAct[] {
  const into = optionValue(argv, ["-t", "--target-directory"]);
  const sources = into === undefined ? words.slice(0, -1) : words.filter((word) => word !== into);
  const target = into === undefined ? words.slice(-1) : [into];
  return [...each("read", sources), ...each("write", words.length < 2 && into === undefined ? [] : target)];
}

function moved(argv: readonly string[], words: readonly string[]): readonly FileAct[] {
  const into = optionValue(argv, ["-t", "--target-directory"]);
  const to = into ?? words.at(-1);
  if (to === undefined || (into === undefined && words.length < 2)) return [];
  const sources = into === undefined ? words.slice(0, -1) : words.filter((word) => word !== into);
  return sources.map((path) => ({ act: "rename", path, to }));
}

function transfer(argv: readonly string[]): readonly FileAct[] {
  const written = optionValues(argv, [
    "-o",
    "--output",
    "-O",
    "--output-document",
    "-D",
    "-c",
    "--cookie-jar",
  ]);
  const sent = optionValues(argv, [
    "-T",
    "--upload-file",
    "--post-file",
    "--body-file",
    "-b",
    "--cookie",
    "-K",
    "--key",
    "-E",
    "--load-cookies",
  ]);
  const data = optionValues(argv, [
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "-F",
    "--form",
    "--json",
  ]);
  const attached = data.flatMap((value) => /(?:^|=)[@<]([^;]+)/.exec(value)?.[1] ?? []);
  return [
    ...each(
      "write",
      written.filter((path) => !path.startsWith("-") && !path.startsWith("http")),
    ),
    ...each("read", [...sent.filter((value) => looksLikePath(value) || isStoreName(value)), ...attached]),
  ];
}

/** The commands of git that open files named on the line. */
function gitActs(argv: readonly string[], words: readonly string[]): readonly FileAct[] {
  const command = operands(argv, { values: ["-C", "-c", "--git-dir", "--work-tree"] })[0];
  if (command === "add" || command === "hash-object" || command === "diff")
    return each("read", pathWords(words.slice(1)));
  return command === "rm" ? each("delete", pathWords(words.slice(1))) : [];
}

/** `tar`: what goes into an archive is read; of an archive that is unpacked, only the archive. */
function tarred(argv: readonly string[], words: readonly string[]): readonly FileAct[] {
  // The letters may come without a dash: `tar czf a.tgz dir`.
  const letters = argv.findIndex(
    (word, i) => i > 0 && (/^-[a-zA-Z]*f$/.test(word) || (i === 1 && /^[a-zA-Z]+$/.test(word))),
  );
  const bundle = argv[letters] ?? "";
  const archive = bundle.endsWith("f") ? argv[letters + 1] : optionValue(argv, ["-f", "--file"]);
  const creates =
    argv.some((word) => /^--(create|append)$/.test(word) || /^-[a-zA-Z]*[cr]/.test(word)) ||
    (!bundle.startsWith("-") && /[cr]/.test(bundle));
  if (!creates) return archive === undefined ? [] : each("read", [archive]);
  const base = optionValue(argv, ["-C", "--directory"]);
  const members = words.filter((word) => word !== archive && word !== base && word !== bundle);
  return each(
    "read",
    members.map((member) => (base === undefined || /^[~/]/.test(member) ? member : `${base}/${member}`)),
  );
}
