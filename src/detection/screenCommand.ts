import { readsAsCommand } from "./prose.js";

/** Longer lines are no commands that a person or an agent's screen shows. */
const LONGEST = 16 * 1024;

/** A way in which a screen shows a command, and whether it is trusted to be one whatever its words. */
interface Form {
  readonly form: RegExp;
  readonly sure: boolean;
  readonly make?: (text: string) => string;
}

const readOf = (text: string): string => `cat ${text.split(", ").map(quoted).join(" ")}`;
const listOf = (text: string): string => `ls ${quoted(text)}`;
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const FORMS: readonly Form[] = [
  // user@host:~/dir$ cmd, [user@host dir]$ cmd, (venv) user@host dir % cmd, root@host:/# cmd
  {
    form: /^(?:\([\w.-]{1,40}\) )?\[?[\w.-]{1,40}@[\w.-]{1,80}[^\s$#%]{0,200}(?: [^\s$#%]{1,100})?\]?\s?[$#%] +(\S.*)$/u,
    sure: true,
  },
  {
    form: /^(?:\([\w.-]{1,40}\) )?(?:[~/][\w./~-]{0,200} ?|(?:ba|z|k|da)?sh-[\d.]{1,10})?\$ +(\S.*)$/u,
    sure: true,
  },
  // Oh My Zsh: ➜  dir git:(main) ✗ cmd
  { form: /^➜ {1,2}\S{1,100} (?:git:\([^)]{1,100}\) )?(?:✗ )?(\S.*)$/u, sure: false },
  // Codex: • Ran cmd; └ Read file; └ List directory
  { form: /^[•·] Ran (.+)$/u, sure: true },
  { form: /^[•·◦] Running (.+)$/u, sure: true },
  { form: /^(?:[└├] ?|[•·] )?Read ((?:[~/.]|[\w-]+\/)\S.*)$/u, sure: true, make: readOf },
  { form: /^(?:[└├] ?|[•·] )List ([~/.\w]\S*.*)$/u, sure: true, make: listOf },
  // Claude Code: ⏺ Bash(cmd), ● Read(file)
  { form: /^[⏺●•] ?(?:Bash|Shell)\((.*?)\)?$/u, sure: true },
  { form: /^[⏺●•] ?Read\((.*?)\)?$/u, sure: true, make: readOf },
  { form: /^[⏺●•] ?(?:List|LS)\((.*?)\)?$/u, sure: true, make: listOf },
  // Gemini CLI: ✓  Shell cmd (what for); ✓  ReadFile file; opencode: $ cmd, → Read file
  { form: /^[✓✔⊷?o⊶x⠏⠋⠙⠹⠸⠼⠴⠦⠧⠇] {1,3}Shell (?:Command )?(.+)$/u, sure: true },
  { form: /^[✓✔⊷?o⊶x] {1,3}ReadFile (.+)$/u, sure: true, make: readOf },
  { form: /^→ Read (.+)$/u, sure: true, make: readOf },
  // codex exec: /bin/bash -lc 'cmd' in /dir
  { form: /^((?:\/[\w.-]+)*\/?(?:ba|z|da)?sh -l?c .+) in [~/]\S*$/u, sure: true },
  // Prompts that other things look like too: quotes, diffs, what a person tells an agent.
  { form: /^[❯›»>] (\S.*)$/u, sure: false },
  { form: /^\+{1,4} ([a-z~./]\S*.*)$/u, sure: false },
];

/** What screens write behind a command: a spinner's time, Gemini's directory and purpose. */
const TRAILERS: readonly RegExp[] = [
  / \(\d+[ms](?: \d+s)? • esc to interrupt\)$/u,
  / \[current working directory [^\]]*\].*$/u,
  / \[in [~/][^\]]*\](?: \([^()]*\))?$/u,
  / \((?=[A-Z])[^()]{1,200}\)$/u,
];

/** The command that a line of a screen shows as run or about to be run; undefined when it shows none. */
export function screenCommand(line: string): string | undefined {
  const text = line.trim();
  if (text.length < 3 || text.length > LONGEST) return undefined;
  for (const { form, sure, make } of FORMS) {
    const found = form.exec(text)?.[1];
    if (found === undefined) continue;
    const command = TRAILERS.reduce((rest, trailer) => rest.replace(trailer, ""), found).trim();
    if (command === "" || (!sure && !readsAsCommand(command))) return undefined;
    return make === undefined ? command : make(command);
  }
  return undefined;
}
