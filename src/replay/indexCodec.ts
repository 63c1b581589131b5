import { EventIndex, KINDS } from "./eventIndex.js";

/**
 * An index of events as bytes, for a cache: for each event the time since the one before, its kind, and for output how
 * many bytes it is, each in LEB128. Undefined when events are not numbered one by one.
 */
export function encodeIndex(index: EventIndex): Buffer | undefined {
  let bytes = Buffer.allocUnsafe(64 * 1024);
  let length = 0;
  const put = (value: number) => {
    for (; value > 0x7f; value = Math.floor(value / 128)) bytes[length++] = (value % 128) | 0x80;
    bytes[length++] = value;
  };
  let last = 0;
  for (let event = 0; event < index.count; event++) {
    if (index.seq(event) !== event) return undefined;
    if (length + 32 > bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)]);
    put(index.at(event) - last);
    last = index.at(event);
    put(KINDS.indexOf(index.kind(event) ?? "unknown"));
    if (index.isOutput(event)) put(index.bytes(event));
  }
  return bytes.subarray(0, length);
}

/** The index of `count` events in such bytes; undefined when they are not as they should be. */
export function decodeIndex(bytes: Uint8Array, count: number): EventIndex | undefined {
  const index = new EventIndex();
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let unit = 1; unit <= 2 ** 49; unit *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  let time = 0;
  for (let event = 0; event < count; event++) {
    time += take();
    const kind = KINDS[take()];
    const length = kind === "output" ? take() : 0;
    if (kind === undefined || !Number.isSafeInteger(time) || !(length <= 0xffffffff)) return undefined;
    index.put(time, event, kind, length);
  }
  return at === bytes.length ? index : undefined;
}
