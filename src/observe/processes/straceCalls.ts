import { resolve } from "node:path";
import { type Argument, type Call, readString } from "./straceArguments.js";

/** Whether a system call makes processes or threads. */
export const isCloning = (name: string): boolean =>
  name === "clone" || name === "clone3" || name === "fork" || name === "vfork";

/** Whether the arguments of a clone make a thread. */
export const isThread = (rest: string): boolean => rest.includes("CLONE_THREAD");

/** What an exec runs. Undefined where strace could not read the arguments and printed addresses. */
export function programOf(
  name: string,
  call: Call,
  cwd: string,
): { readonly image: string; readonly argv: readonly string[] } | undefined {
  const at = name === "execveat" ? 1 : 0;
  const file = call.args[at];
  const list = call.args[at + 1];
  if (file?.kind !== "text" || list?.kind !== "list") return undefined;
  const directory = at === 1 && call.args[0]?.kind === "word" ? call.args[0].path : undefined;
  return {
    image: resolve(directory ?? cwd, file.text),
    argv: list.items.map(shown),
  };
}

/** A string that was cut says so with an ellipsis, so that nobody takes it for the whole. */
const shown = (argument: Argument): string =>
  argument.kind === "text" ? (argument.cut ? `${argument.text}…` : argument.text) : "";

const PORT = /sin6?_port=htons\((\d{1,5})\)/;
const IPV4 = /sin_addr=inet_addr\("([0-9.]{7,15})"\)/;
const IPV6 = /inet_pton\(AF_INET6, "([0-9a-fA-F:.]{2,45})"/;
const UNIX = /sun_path=(@?)(?=")/;

/**
 * Where a connect goes. A refused attempt counts, a socket of this machine only when it was there (`port` is then 0
 * and the address the socket's path). Port 0 of the internet families only asks for a route, so it is left out.
 */
export function connectionOf(call: Call): { readonly address: string; readonly port: number } | undefined {
  const argument = call.args[1];
  if (argument?.kind !== "word") return undefined;
  const { word } = argument;
  const address = IPV4.exec(word)?.[1] ?? IPV6.exec(word)?.[1];
  if (address !== undefined) {
    const port = Number(PORT.exec(word)?.[1] ?? 0);
    return port > 0 && port < 65_536 ? { address, port } : undefined;
  }
  const unix = UNIX.exec(word);
  if (unix === null || call.result !== 0) return undefined;
  const path = readString(word, unix.index + unix[0].length).text;
  return path === "" ? undefined : { address: `${unix[1]}${path}`, port: 0 };
}
