import { programName } from "../shell/simpleCommand.js";

/** Programs that only look around, and that agents run for themselves to learn where they are. */
const PROBES = new Set(
  `which where whereis command type uname hostname id whoami groups getconf lsb_release sw_vers sysctl arch nproc ldd locale
  tty stty tput ps pgrep pidof lsof realpath readlink dirname basename true false test [ pwd date echo printf sort uniq wc tr
  sleep xdg-mime xdg-settings wslpath cygpath systemd-detect-virt defaults system_profiler fc-list infocmp shopt set declare
  typeset alias unset unalias export source . cd read return builtin`.split(/\s+/),
);

/** Programs that show files: to look around with where the files are nobody's secrets. */
const READERS = new Set("cat head tail ls grep egrep awk sed cut rg fd ripgrep ugrep find getent".split(" "));
const PRIVATE =
  /(~|\$HOME)\/(\.|Library\/)|\/\.(env|ssh|aws|gnupg|kube)\b|\/etc\/(shadow|ssh|sudoers)|Cookies|Login Data/;

/** What git is asked without changing anything but its own caches. */
const GIT_LOOKS = new Set(
  `status rev-parse log diff show ls-files ls-tree ls-remote cat-file rev-list branch remote config symbolic-ref
  for-each-ref merge-base describe check-ignore worktree name-rev shortlog blame stash-list hash-object var version
  diff-index diff-tree diff-files update-index`.split(/\s+/),
);

const GIT_VALUES = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace"]);

/** Whether a command (in its normal form) only asks something: a version, a status, what there is. */
export function isProbe(line: string): boolean {
  const argv = line.split(" ");
  const name = programName(argv);
  if (argv.length === 2 && /^(-v|-V|--version|version|-h|--help)$/.test(argv[1] ?? "")) return true;
  if (name === "git") return isLook(argv);
  return PROBES.has(name) || (READERS.has(name) && !PRIVATE.test(line));
}

function isLook(argv: readonly string[]): boolean {
  let at = 1;
  while (at < argv.length && (argv[at] ?? "").startsWith("-")) at += GIT_VALUES.has(argv[at] ?? "") ? 2 : 1;
  const command = argv[at];
  if (command === undefined) return true;
  if (command === "config") return !argv.some((word) => /^--(unset|add|replace|rename|remove)/.test(word));
  if (command === "branch" || command === "remote" || command === "worktree")
    return !argv.some((word) => /^(-[dDmM]|--delete|--move|add|remove|rm|set-url|prune|rename)$/.test(word));
  return GIT_LOOKS.has(command);
}

/** Directories that hold programs of everybody: being beside the agent there says nothing. */
const COMMON = /^(\/usr)?(\/local)?\/s?bin$|^\/opt\/homebrew\/bin$|^\/usr\/(lib|libexec)$|^\/$|^\/opt$/;
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
/** Places in which single programs of everybody stand each for itself. */
const OF_EVERYBODY = /\/(\.local\/bin|\.cargo\/bin|go\/bin|\.bun\/bin|\.npm-global\/bin|bin)$/;

/** The directory in which the package of a program is installed; undefined where it shares one with others. */
export function installationOf(path: string): string | undefined {
  if (!path.startsWith("/")) return undefined;
  const found = PACKAGE.exec(path)?.[0];
  if (found !== undefined) return found;
  const directory = path.slice(0, path.lastIndexOf("/"));
  return COMMON.test(directory) || OF_EVERYBODY.test(directory) ? undefined : directory;
}

/** The program, and the script that it runs where it is an interpreter. */
export function placesOf(run: {
  readonly image: string;
  readonly argv: readonly string[];
}): readonly string[] {
  const script = /^(node|nodejs|bun|deno|python[\d.]*|ruby|perl|sh|bash)$/.test(programName([run.image]))
    ? run.argv.slice(1).find((word) => word.startsWith("/"))
    : undefined;
  return script === undefined ? [run.image] : [run.image, script];
}

const within = (path: string, directory: string): boolean => path.startsWith(`${directory}/`);

/** Whether what runs is a part of the agent that ran it: the same program again, or one of its own installation. */
export function isOfAgent(
  run: { readonly image: string; readonly argv: readonly string[] },
  agent: { readonly image: string; readonly argv: readonly string[] },
): boolean {
  if (run.image === "/proc/self/exe") return true;
  const own = placesOf(run);
  const places = placesOf(agent);
  // An interpreter is everybody's: there the script says what it is.
  const [program, script] = places;
  if (script === undefined ? own[0] === program && own.length === 1 : own[1] === script) return true;
  const homes = places.flatMap((place) => installationOf(place) ?? []);
  return own.some((place) => homes.some((home) => within(place, home)));
}
