import { castVersion } from "./castHeader.js";
import type { ForeignFormat } from "./foreign.js";
import { parseSmallJson } from "./jsonText.js";
import { SCRIPT_STARTED } from "./scriptFrame.js";
import { looksLikeTtyrec } from "./ttyrec.js";

/** So much of a file's start is enough to tell its format. */
export const DETECTION_BYTES = 256 * 1024;

/** How a file is compressed, by its first bytes (RFC 1952, RFC 8878). */
export function compressionOf(start: Uint8Array): "gzip" | "zstd" | undefined {
  const magic = Buffer.from(start.subarray(0, 4)).toString("hex");
  if (magic.startsWith("1f8b")) return "gzip";
  return magic === "28b52ffd" ? "zstd" : undefined;
}

/** The format of a file, by its content: the first DETECTION_BYTES of it, unpacked. Undefined when it is none of ours. */
export function detectFormat(start: Uint8Array): ForeignFormat | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  const text = bytes.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "");
  if (/^[ \t\r\n]*\{/.test(text)) return detectCast(text);
  if (text.startsWith(SCRIPT_STARTED)) return "typescript";
  return looksLikeTtyrec(bytes) ? "ttyrec" : undefined;
}

function detectCast(text: string): ForeignFormat | undefined {
  const line = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  const version = castVersion(parseSmallJson(line));
  if (version === 2 || version === 3) return `asciicast-v${version}`;
  // Version 1 is one object, on as many lines as one likes. In a string, the quotes would be escaped.
  return version === 1 || /(?<!\\)"version"\s*:\s*1\b/.test(text) ? "asciicast-v1" : undefined;
}
