/** Words that people write in sentences and that hardly stand alone in a command. */
const SURE = new Set(
  "the is are was were please never always should would could why because don't doesn't can't i'm let's".split(
    " ",
  ),
);
const LIKELY = new Set(
  "a an and or of to it this that you i we my your me with from on as by not can will have has how what when where all any there about be but also".split(
    " ",
  ),
);

const FIRST_WORD = /^(?:[a-z0-9_.~/$\\(["'{[-][\w.~/$\\(){}"'+:@-]*|[A-Z_]+=\S*)$/;

/**
 * Whether a line that may be either reads as a shell command rather than as something said to a person or an agent:
 * its first word looks like a program, and no sentence follows.
 */
export function readsAsCommand(line: string): boolean {
  const words = line
    .trim()
    .slice(0, 2_000)
    .replace(/"[^"]*"|'[^']*'/g, "''")
    .split(/\s+/);
  const [first = ""] = words;
  if (!FIRST_WORD.test(first)) return false;
  if (
    words.length > 2 &&
    /[a-z]{2}[.?!]$/.test(words.at(-1) ?? "") &&
    !words.some((word) => /^-|[/|;&<>=]/.test(word))
  )
    return false;
  const lower = words.map((word) => word.toLowerCase().replace(/[,.:;!?]+$/, ""));
  if (lower.some((word) => SURE.has(word))) return false;
  return lower.filter((word) => LIKELY.has(word)).length < 2;
}
