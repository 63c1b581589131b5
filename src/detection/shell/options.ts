/** How a program's options are read: which of them take the next word as their value. */
export interface OptionSpec {
  readonly values?: readonly string[];
  /** Long options (`--name value`) take a value unless listed here. Without this, only `values` do. */
  readonly flags?: readonly string[];
}

/**
 * The index of the first word that is neither an option nor an option's value, from `from` on.
 * `--` ends the options; `-n5`, `-n 5`, `--name=value` and `--name value` are understood.
 */
export function firstOperand(argv: readonly string[], from: number, spec: OptionSpec): number {
  let i = from;
  while (i < argv.length) {
    const word = argv[i] ?? "";
    if (word === "--") return i + 1;
    if (!word.startsWith("-") || word === "-") return i;
    i += takesValue(word, spec) ? 2 : 1;
  }
  return i;
}

function takesValue(word: string, spec: OptionSpec): boolean {
  if (word.includes("=")) return false;
  if (spec.values?.includes(word)) return true;
  if (spec.flags === undefined) {
    // A cluster such as `-xu root`: the last letter may take a value.
    return /^-[A-Za-z]{2,4}$/.test(word) && (spec.values?.includes(`-${word.slice(-1)}`) ?? false);
  }
  if (word.startsWith("--")) return !spec.flags.includes(word);
  return ![...word.slice(1)].every((letter) => spec.flags?.includes(`-${letter}`));
}

/** The value of the first of these options that is given, as `-e text`, `-etext` or `--expr=text`. */
export function optionValue(argv: readonly string[], names: readonly string[], from = 1): string | undefined {
  return optionValues(argv, names, from)[0];
}

/** The values of all of these options. */
export function optionValues(argv: readonly string[], names: readonly string[], from = 1): readonly string[] {
  const found: string[] = [];
  for (let i = from; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (names.includes(word)) {
      const value = argv[i + 1];
      if (value !== undefined) found.push(value);
      i++;
      continue;
    }
    const long = names.find((name) => name.startsWith("--") && word.startsWith(`${name}=`));
    if (long !== undefined) {
      found.push(word.slice(long.length + 1));
      continue;
    }
    const short = names.find((name) => /^-[A-Za-z]$/.test(name) && word.startsWith(name) && word.length > 2);
    if (short !== undefined && !word.startsWith("--")) found.push(word.slice(2));
  }
  return found;
}

/** The words that are neither options nor the values of the options named. */
export function operands(argv: readonly string[], spec: OptionSpec, from = 1): readonly string[] {
  const found: string[] = [];
  let i = from;
  while (i < argv.length) {
    const next = firstOperand(argv, i, spec);
    if (argv[next - 1] === "--" && next > i) return [...found, ...argv.slice(next)];
    const word = argv[next];
    if (word !== undefined) found.push(word);
    i = next + 1;
  }
  return found;
}
