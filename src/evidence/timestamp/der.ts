/** One element of DER (ITU-T X.690): its tag, its content, and all of it. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific and constructed, number 0. */
  context0: 0xa0,
} as const;

/** The elements that follow each other in `bytes`. @throws RangeError when they are not whole */
export function elements(bytes: Buffer): readonly Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) throw new RangeError("not DER");
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || more > 4 || at + 2 + more > bytes.length) throw new RangeError("not DER");
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    const end = at + 2 + more + length;
    if (end > bytes.length) throw new RangeError("not DER");
    found.push({ tag, content: bytes.subarray(at + 2 + more, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

/** The children of an element of this tag. @throws RangeError when it is another one */
export function children(element: Der | undefined, tag: number): readonly Der[] {
  if (element?.tag !== tag) throw new RangeError("not the element that was expected");
  return elements(element.content);
}

/** The element itself, of this tag. @throws RangeError when it is another one */
export function expect(element: Der | undefined, tag: number): Der {
  if (element?.tag !== tag) throw new RangeError("not the element that was expected");
  return element;
}

/** Writes an element of up to 64 KiB. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...header]), content]);
}
