/** The encodings that a value may be brought into before it is compared. */
export type Encoding = "utf8" | "utf16le" | "utf16be" | "utf16";

/** A text's bytes; `utf16` is little endian behind a byte order mark. */
export function bytesOf(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case "utf8":
      return Buffer.from(text, "utf8");
    case "utf16le":
      return Buffer.from(text, "utf16le");
    case "utf16be":
      return Buffer.from(text, "utf16le").swap16();
    case "utf16":
      return Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(text, "utf16le")]);
  }
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** How many characters at the front still depend on the 0, 1 or 2 bytes before the value. */
const FRONT = [0, 2, 3] as const;
/** How many characters at the back depend on what follows, by the length modulo 3. */
const BACK = [0, 3, 2] as const;

/**
 * What of a value is certain to stand in any base64 text that holds it: one form for each of the three
 * positions it may begin at. A form is empty when the value is too short for it.
 */
export function base64Offsets(bytes: Uint8Array): string[] {
  return FRONT.map((front, shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    const encoded = base64(shifted);
    return encoded.slice(front, encoded.length - (BACK[shifted.length % 3] ?? 0));
  });
}

/** Bytes as text, one character a byte: how encoded values look in a log that kept the bytes. */
export const bytesAsText = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
