/** What bagit.txt says. */
export interface Declaration {
  /** Such as 1.0, as a number times 100: 97 for 0.97. */
  readonly version: number;
  readonly encoding: string;
}

const VERSIONS: ReadonlySet<string> = new Set(["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"]);
const ENCODINGS: Readonly<Record<string, string>> = {
  "utf-8": "utf-8",
  "iso-8859-1": "latin1",
  "us-ascii": "latin1",
  "utf-16": "utf-16",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
};

/** Reads bagit.txt, which is UTF-8 without a byte order mark in every version (RFC 8493, 2.1.1). */
export function readDeclaration(bytes: Uint8Array): Declaration | "malformed" | "version" | "encoding" {
  const text = Buffer.from(bytes).toString("utf8");
  const match = /^BagIt-Version: (\S+)\r?\n?Tag-File-Character-Encoding: (\S+)(\r?\n)*$/.exec(text);
  if (match === null || !/\n|\r/.test(text)) return "malformed";
  const [, version = "", named = ""] = match;
  if (!/^\d+\.\d+$/.test(version)) return "malformed";
  if (!VERSIONS.has(version)) return "version";
  const encoding = ENCODINGS[named.toLowerCase()];
  return encoding === undefined ? "encoding" : { version: Math.round(Number(version) * 100), encoding };
}

/** A tag file's text. UTF-16 is read by its byte order mark; without one it is big-endian (RFC 2781). */
export function tagText(bytes: Uint8Array, encoding: string): string {
  if (encoding !== "utf-16") return new TextDecoder(encoding).decode(bytes);
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(little ? "utf-16le" : "utf-16be").decode(bytes);
}

export const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
