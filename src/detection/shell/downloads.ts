import { isInterpreter, isShell } from "./interpreters.js";
import { firstOperand, operands, optionValue } from "./options.js";
import { baseName } from "./paths.js";
import { programName } from "./simpleCommand.js";

/** A file that a command fetches from the network. */
export interface Download {
  readonly path: string;
  readonly url: string;
}

/** What a download tool writes, and from where; `writes` are the targets of its redirections. */
export function downloads(argv: readonly string[], writes: readonly string[]): readonly Download[] {
  const name = programName(argv);
  if (!["curl", "wget", "aria2c", "nscurl", "fetch", "axel", "http", "https", "xh"].includes(name)) return [];
  const url = argv.find((word, i) => i > 0 && /^(https?|ftp):\/\/|^[\w-]+(\.[\w-]+)+\/\S/.test(word));
  if (url === undefined) return [];
  const named = optionValue(argv, name === "wget" ? ["-O", "--output-document"] : ["-o", "--output"]);
  const last = baseName(url.replace(/[?#].*$/, ""));
  const keepsName =
    name === "wget" ||
    name === "aria2c" ||
    name === "axel" ||
    argv.some((word) => /^-[a-zA-Z]*O[a-zA-Z]*$|^--remote-name/.test(word));
  const paths = [
    ...(named === undefined ? [] : [named]),
    ...writes,
    ...(named === undefined && keepsName && last !== "" ? [last] : []),
  ];
  return paths.filter((path) => path !== "-" && path !== "/dev/null").map((path) => ({ path, url }));
}

/** The files that a command runs: itself, or the script that it gives to a shell or an interpreter. */
export function programFiles(argv: readonly string[]): readonly string[] {
  const [first = ""] = argv;
  const name = programName(argv);
  if (name === "source" || name === ".") return argv.slice(1, 2);
  if (isShell(name) || isInterpreter(name)) return argv.slice(firstOperand(argv, 1, {})).slice(0, 1);
  if (["dpkg", "rpm", "installer", "open", "java", "dotnet", "insmod", "msiexec"].includes(name))
    return operands(argv, {});
  return first.includes("/") ? [first] : [];
}
