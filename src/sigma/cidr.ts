/** An IP address as numbers: 4 bytes for version 4, 16 for version 6. */
type Address = readonly number[];

export interface Network {
  readonly address: Address;
  readonly bits: number;
}

/** Reads `10.0.0.0/8`, `fe80::/10`, or one address. Undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const size = address.length * 8;
  if (slash < 0) return { address, bits: size };
  const length = text.slice(slash + 1);
  const bits = Number(length);
  return /^\d{1,3}$/.test(length) && bits <= size ? { address, bits } : undefined;
}

/** Whether a text is an address within the network. An IPv4 address written as `::ffff:…` counts as IPv4. */
export function contains(network: Network, text: string): boolean {
  const address = parseAddress(text.trim());
  if (address === undefined || address.length !== network.address.length) return false;
  const whole = network.bits >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== network.address[i]) return false;
  const rest = network.bits & 7;
  if (rest === 0) return true;
  const mask = 0xff << (8 - rest);
  return ((address[whole] ?? 0) & mask) === ((network.address[whole] ?? 0) & mask);
}

function parseAddress(text: string): Address | undefined {
  if (text.length > 64) return undefined;
  const plain = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (!plain.includes(":")) return parseV4(plain);
  const address = parseV6(plain);
  const mapped = address?.slice(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return mapped ? address?.slice(12) : address;
}

function parseV4(text: string): number[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const bytes = match?.slice(1).map(Number);
  return bytes?.every((byte) => byte < 256) ? bytes : undefined;
}

function parseV6(text: string): number[] | undefined {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return undefined;
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  if (front === undefined || back === undefined) return undefined;
  const missing = 16 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...front, ...new Array<number>(missing).fill(0), ...back];
}

function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (v4 !== undefined) bytes.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}
