import { type Inner, script, words } from "./inner.js";
import { firstOperand, type OptionSpec, optionValue } from "./options.js";

/** A program that runs the rest of its words as a command. */
interface Prefix extends OptionSpec {
  /** How many operands come before the command. */
  readonly skip?: number;
  /** The command runs as another user. */
  readonly elevated?: boolean;
  /** `NAME=value` words may come before the command. */
  readonly assignments?: boolean;
  /** The words are joined and given to a shell. */
  readonly joined?: boolean;
  /** An option whose value is the command, as shell text. */
  readonly text?: readonly string[];
}

const SSH_VALUES = "B b c D E e F I i J L l m O o P p Q R S W w".split(" ").map((letter) => `-${letter}`);

const PREFIXES: Readonly<Record<string, Prefix>> = {
  sudo: {
    values: [
      "-u",
      "-g",
      "-h",
      "-p",
      "-C",
      "-r",
      "-t",
      "-T",
      "-U",
      "-D",
      "-R",
      "--user",
      "--group",
      "--host",
      "--prompt",
      "--chdir",
    ],
    elevated: true,
    assignments: true,
  },
  doas: { values: ["-u", "-C"], elevated: true, assignments: true },
  pkexec: { values: ["--user"], elevated: true },
  gosu: { skip: 1, elevated: true },
  "su-exec": { skip: 1, elevated: true },
  runuser: { values: ["-u", "-g", "-G", "-s", "--user"], text: ["-c", "--command"], elevated: true },
  su: { skip: 1, text: ["-c", "--command"], elevated: true },
  env: { values: ["-u", "-C", "--unset", "--chdir"], text: ["-S", "--split-string"], assignments: true },
  "cross-env": { assignments: true },
  timeout: { values: ["-s", "-k", "--signal", "--kill-after"], skip: 1 },
  gtimeout: { values: ["-s", "-k", "--signal", "--kill-after"], skip: 1 },
  nice: { values: ["-n", "--adjustment"] },
  ionice: { values: ["-c", "-n", "-p", "--class", "--classdata"] },
  chrt: { values: ["-T", "-P", "-D"], skip: 1 },
  taskset: { values: [], skip: 1 },
  stdbuf: { values: ["-i", "-o", "-e", "--input", "--output", "--error"] },
  nohup: {},
  setsid: {},
  time: { values: ["-f", "-o"] },
  command: {},
  builtin: {},
  exec: { values: ["-a"] },
  noglob: {},
  nocorrect: {},
  busybox: {},
  toybox: {},
  catchsegv: {},
  proot: { values: ["-r", "-b", "-w", "-q", "-0"] },
  chroot: { skip: 1 },
  arch: {},
  caffeinate: { values: ["-t", "-w"] },
  unshare: { values: ["-S", "-G", "--setuid", "--setgid", "-R", "--root", "-w", "--wd"] },
  nsenter: { values: ["-t", "--target", "-S", "-G", "-r", "-w"] },
  bwrap: {
    flags: [
      "--unshare-all",
      "--unshare-net",
      "--unshare-pid",
      "--share-net",
      "--die-with-parent",
      "--new-session",
    ],
  },
  firejail: {},
  strace: { values: ["-e", "-o", "-p", "-s", "-u", "-E", "-P", "-a", "-b", "-I", "-O", "-S", "-X"] },
  ltrace: { values: ["-e", "-o", "-p", "-s", "-u", "-n", "-l"] },
  valgrind: {},
  perf: { skip: 1, values: ["-e", "-o", "-F"] },
  flock: { values: ["-w", "-E", "--timeout"], skip: 1, text: ["-c", "--command"] },
  watch: { values: ["-n", "--interval"], joined: true },
  "systemd-run": {
    values: [
      "-u",
      "-p",
      "-H",
      "-M",
      "-E",
      "-d",
      "--unit",
      "--property",
      "--on-calendar",
      "--on-active",
      "--description",
      "--slice",
    ],
  },
  "systemd-inhibit": { values: [] },
  "dbus-run-session": {},
  "xvfb-run": { values: ["-n", "-s", "-e", "-f", "-p", "-w", "--server-num", "--server-args"] },
  ssh: { values: SSH_VALUES, skip: 1, joined: true },
  autossh: { values: [...SSH_VALUES, "-M"], skip: 1, joined: true },
  mosh: { skip: 1 },
  sshpass: { values: ["-p", "-f", "-d", "-P"] },
  proxychains: { values: ["-f"] },
  proxychains4: { values: ["-f"] },
  torsocks: {},
  torify: {},
  unbuffer: {},
  rlwrap: { values: ["-f", "-H", "-p"] },
  script: { values: ["-t", "-T", "-I", "-O", "-B", "-m", "-o", "-E"], text: ["-c", "--command"], skip: 1 },
  entr: {},
  dotenvx: { skip: 1, values: ["-f"] },
  bundle: { skip: 1 },
  rtx: { skip: 1 },
  bodycam: { skip: 1 },
};

/** What `sudo`, `env`, `timeout`, `ssh` and their kind run. Empty when the command is none of them. */
export function prefixed(name: string, argv: readonly string[]): readonly Inner[] {
  const prefix = Object.hasOwn(PREFIXES, name) ? PREFIXES[name] : undefined;
  if (prefix === undefined) return [];
  if (name === "command" && /^-[vV]/.test(argv[1] ?? "")) return [];
  if (name === "bundle" && argv[1] !== "exec") return [];
  if (name === "bodycam" && argv[1] !== "run") return [];
  const elevated = prefix.elevated === true;
  const given = prefix.text === undefined ? undefined : optionValue(argv, prefix.text);
  if (given !== undefined) return script(given).map((inner) => ({ ...inner, elevated }));
  let start = firstOperand(argv, 1, prefix) + (prefix.skip ?? 0);
  // Options may stand after the first operand as well: `ssh host -p 22 cmd`, `mise exec node -- cmd`.
  if (prefix.skip !== undefined) start = firstOperand(argv, start, prefix);
  if (prefix.assignments) while (/^[A-Za-z_]\w*=/.test(argv[start] ?? "")) start++;
  const rest = argv.slice(start);
  const inner = prefix.joined ? script(rest.join(" ")) : words(rest);
  return inner.map((one) => ({ ...one, elevated }));
}
