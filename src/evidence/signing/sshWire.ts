/** The data types of RFC 4251, section 5, as SSH keys and signatures are made of. */
export const sshString = (value: string | Uint8Array): Buffer => {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

export const sshUint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Reads such data front to back. Each method throws a RangeError when there is too little left. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError("SSH data ends too early");
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE(0);
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString("latin1");
  }

  /** A positive number without leading zeros, at most `longest` bytes. */
  mpint(longest = 2048): Buffer {
    const bytes = this.string();
    if (bytes.length > longest + 1 || ((bytes[0] ?? 0) & 0x80) !== 0)
      throw new RangeError("not a positive number");
    let zeros = 0;
    while (bytes[zeros] === 0) zeros++;
    return bytes.subarray(zeros);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }
}
