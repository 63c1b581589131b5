import { operands, optionValue } from "./options.js";
import { programName } from "./simpleCommand.js";

/** Output longer than this is not followed. */
const MOST = 256 * 1024;

const decodeBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** Backslash escapes as `echo -e` and `printf` understand them. */
function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[abefnrtv\\])/g, (whole, code: string) => {
    if (code.startsWith("x")) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return { n: "\n", t: "\t", "\\": "\\", r: "\r", e: "\x1b" }[code] ?? whole;
  });
}

function echo(argv: readonly string[]): string {
  let i = 1;
  while (/^-[neE]+$/.test(argv[i] ?? "")) i++;
  const escapes = argv.slice(1, i).some((option) => option.includes("e"));
  const text = argv.slice(i).join(" ");
  return `${escapes ? unescaped(text) : text}\n`;
}

function printf(argv: readonly string[]): string {
  const [format = "", ...values] = argv.slice(argv[1] === "--" ? 2 : 1);
  const once = (): string =>
    unescaped(format).replace(/%(?:%|[-0-9.]*([sbdicux]))/g, (whole, kind: string | undefined) => {
      if (kind === undefined) return whole === "%%" ? "%" : whole;
      const value = values.shift() ?? "";
      return kind === "b" ? unescaped(value) : value;
    });
  let text = once();
  for (let rounds = 0; values.length > 0 && /%[^%]/.test(format) && rounds < 256; rounds++) text += once();
  return text;
}

const ROT13: Record<string, true> = { "A-Za-z": true, "a-zA-Z": true, "[A-Za-z]": true, "[a-zA-Z]": true };

function translate(argv: readonly string[], input: string): string | undefined {
  const [from = "", to = ""] = operands(argv, {});
  if (argv[1] === "-d") return [...input].filter((c) => !unescaped(argv[2] ?? "").includes(c)).join("");
  if (ROT13[from] && /N-ZA-M/i.test(to))
    return input.replace(/[a-z]/gi, (c) => {
      const base = c <= "Z" ? 65 : 97;
      return String.fromCharCode(((c.charCodeAt(0) - base + 13) % 26) + base);
    });
  const [source, target] = [unescaped(from), unescaped(to)];
  if (source.length !== target.length || source.includes("-")) return undefined;
  return [...input].map((c) => (source.includes(c) ? target.charAt(source.indexOf(c)) : c)).join("");
}

/**
 * What a command prints, when that is plain from its words and input: `echo`, `printf`, `cat` of known text,
 * decoders. Undefined for everything else.
 */
export function literalOutput(
  argv: readonly string[],
  input: string | undefined,
  fileText: (path: string) => string | undefined,
): string | undefined {
  const text = output(argv, input, fileText);
  return text === undefined || text.length > MOST ? undefined : text;
}

function output(
  argv: readonly string[],
  stdin: string | undefined,
  fileText: (path: string) => string | undefined,
): string | undefined {
  const fromFile = (spec: readonly string[]): string | undefined => {
    const path = operands(argv, { values: spec })[0];
    return path === undefined || path === "-" ? stdin : fileText(path);
  };
  switch (programName(argv)) {
    case "echo":
      return echo(argv);
    case "printf":
      return argv.includes("-v") ? undefined : printf(argv);
    case "cat": {
      const paths = operands(argv, {});
      const texts = paths.map((path) => (path === "-" ? stdin : fileText(path)));
      return paths.length === 0 ? stdin : texts.every((t) => t !== undefined) ? texts.join("") : undefined;
    }
    case "tee":
    case "sponge":
    case "pv":
      return stdin;
    case "head":
    case "tail":
    case "sort":
    case "uniq":
      return fromFile(["-n", "-c"]);
    case "rev":
      return stdin
        ?.split("\n")
        .map((line) => [...line].reverse().join(""))
        .join("\n");
    case "tr":
      return stdin === undefined ? undefined : translate(argv, stdin);
    case "base64":
    case "gbase64": {
      if (!argv.some((word) => /^(-d|-D|-di|--decode|-i?d)$/.test(word))) return undefined;
      const input = fromFile(["-w", "-i"]);
      return input === undefined ? undefined : decodeBase64(input);
    }
    case "openssl":
      return stdin !== undefined &&
        argv.includes("-d") &&
        argv.some((word) => /^-?(base64|a)$/.test(word.replace(/^-/, "")))
        ? decodeBase64(stdin)
        : undefined;
    case "xxd":
      return stdin !== undefined &&
        argv.some((w) => /^-r/.test(w) || w === "-ps") &&
        argv.some((w) => /p/.test(w))
        ? Buffer.from(stdin.replace(/\s/g, ""), "hex").toString("utf8")
        : undefined;
    case "which":
      return argv[1];
    case "command":
      return optionValue(argv, ["-v", "-V"]);
    case "type":
      return argv.at(-1);
    default:
      return undefined;
  }
}
