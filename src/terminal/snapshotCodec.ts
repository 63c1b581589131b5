import { Emulator, MAX_COLS, MAX_ROWS, SCROLLBACK } from "./emulator.js";
import type { Attributes, ExtendedAttrs } from "./internals.js";
import {
  type BufferState,
  type EmulatorState,
  type LineState,
  type ScreenSnapshot,
  sized,
} from "./snapshot.js";

/**
 * A kept screen as bytes: the length of a JSON document (4 bytes), the document, and the cells of all lines, three
 * 32-bit words each. Cells are in the machine's own order: the bytes are for a cache, not for another machine.
 */
export function encodeSnapshot({ cols, rows, state }: ScreenSnapshot): Buffer {
  const { normal, alt } = state;
  const document = Buffer.from(
    JSON.stringify({
      ...state,
      cols,
      rows,
      attributes: keepAttributes(state.attributes),
      normal: keepBuffer(normal),
      alt: keepBuffer(alt),
    }),
  );
  const lines = [...normal.lines, ...alt.lines].map(({ cells }) => bytesOf(cells));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(document.length);
  return Buffer.concat([length, document, ...lines]);
}

/** The screen in such bytes; undefined when they are not as they should be. They may be anything. */
export function decodeSnapshot(bytes: Uint8Array): ScreenSnapshot | undefined {
  try {
    return new Decoder(bytes).snapshot();
  } catch {
    return undefined;
  }
}

const bytesOf = (cells: Uint32Array): Buffer => Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength);

const keepAttributes = ({ fg, bg, extended }: Attributes): object => ({ fg, bg, ext: extended.ext });

function keepBuffer(buffer: BufferState): object {
  return {
    ...buffer,
    savedAttributes: keepAttributes(buffer.savedAttributes),
    tabs: Object.keys(buffer.tabs).filter((column) => buffer.tabs[Number(column)] === true),
    lines: buffer.lines.map(({ wrapped, cells, combined, extended }) => [
      wrapped,
      cells.length,
      combined,
      Object.fromEntries(Object.entries(extended).map(([column, attrs]) => [column, attrs?.ext])),
    ]),
  };
}

const COMBINED = 0x200000;
const CODE_POINT = 0x1fffff;
const HIGHEST = 0x10ffff;
const CELL = 3;
const LONGEST_TEXT = 200;

type Fields = Readonly<Record<string, unknown>>;

/** Every check throws; what comes out of it is a state that an emulator can be in, as far as its own code goes. */
class Decoder {
  readonly #fields: Fields;
  readonly #cells: Uint32Array;
  readonly #plain = plainAttributes();
  #at = 0;
  #cols = 0;
  #rows = 0;

  constructor(bytes: Uint8Array) {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = 4 + all.readUInt32LE(0);
    this.#fields = object(JSON.parse(all.toString("utf8", 4, end)));
    this.#cells = new Uint32Array(new Uint8Array(all.subarray(end)).buffer);
  }

  snapshot(): ScreenSnapshot {
    const fields = this.#fields;
    this.#cols = whole(fields.cols, 2, MAX_COLS);
    this.#rows = whole(fields.rows, 1, MAX_ROWS);
    const state: EmulatorState = {
      alternate: bool(fields.alternate),
      normal: this.#buffer(object(fields.normal)),
      alt: this.#buffer(object(fields.alt)),
      attributes: this.#attributes(object(fields.attributes)),
      joinState: whole(fields.joinState, 0, 0xffffffff),
      combiningRun: whole(fields.combiningRun, 0, 0xffffffff),
      cursorHidden: bool(fields.cursorHidden),
      insertMode: bool(fields.insertMode),
      privateModes: modes(object(fields.privateModes)),
      convertEol: bool(fields.convertEol),
      charsets: list(fields.charsets, 4).map(charset),
      charset: charset(fields.charset),
      glevel: whole(fields.glevel, 0, 3),
    };
    if (this.#at !== this.#cells.length) throw new RangeError("cells are left over");
    return sized(this.#cols, this.#rows, state);
  }

  #buffer(fields: Fields): BufferState {
    const lines = list(fields.lines, MAX_ROWS + SCROLLBACK).map((line) => this.#line(list(line, 4)));
    const tabs = Object.fromEntries(list(fields.tabs, MAX_COLS).map((column) => [Number(column), true]));
    return {
      lines,
      x: whole(fields.x, 0, this.#cols),
      y: whole(fields.y, 0, this.#rows - 1),
      ybase: whole(fields.ybase, 0, lines.length),
      scrollTop: whole(fields.scrollTop, 0, MAX_ROWS),
      scrollBottom: whole(fields.scrollBottom, 0, MAX_ROWS),
      savedX: whole(fields.savedX, 0, MAX_COLS),
      savedY: whole(fields.savedY, -MAX_ROWS, 2 * MAX_ROWS + SCROLLBACK),
      savedAttributes: this.#attributes(object(fields.savedAttributes)),
      savedCharset: charset(fields.savedCharset),
      tabs,
    };
  }

  #line([wrapped, length, combined, extended]: readonly unknown[]): LineState {
    const end = this.#at + whole(length, 0, this.#cols * CELL);
    const cells = this.#cells.slice(this.#at, end);
    if (cells.length !== end - this.#at || cells.length % CELL !== 0)
      throw new RangeError("cells are missing");
    this.#at = end;
    for (let i = 0; i < cells.length; i += CELL) {
      const content = cells[i] as number;
      if ((content & COMBINED) === 0 && (content & CODE_POINT) > HIGHEST)
        throw new RangeError("no character");
    }
    return {
      wrapped: bool(wrapped),
      cells,
      combined: entries(object(combined), (value) => text(value)),
      extended: entries(object(extended), (value) => this.#extended(value)),
    };
  }

  #attributes({ fg, bg, ext }: Fields): Attributes {
    const attributes = this.#plain.clone();
    attributes.fg = whole(fg, -0x80000000, 0xffffffff);
    attributes.bg = whole(bg, -0x80000000, 0xffffffff);
    attributes.extended.ext = whole(ext, -0x80000000, 0xffffffff);
    return attributes;
  }

  #extended(ext: unknown): ExtendedAttrs {
    const extended = this.#plain.extended.clone();
    extended.ext = whole(ext, -0x80000000, 0xffffffff);
    return extended;
  }
}

let plain: Attributes | undefined;

function plainAttributes(): Attributes {
  plain ??= new Emulator(2, 1).input._curAttrData;
  return plain;
}

function object(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no object");
  return value as Fields;
}

function list(value: unknown, longest: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longest) throw new TypeError("no such list");
  return value;
}

function whole(value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
    throw new RangeError("no such number");
  return value;
}

function bool(value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError("not true or false");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string" || value.length > LONGEST_TEXT) throw new TypeError("no such text");
  return value;
}

function entries<T>(fields: Fields, read: (value: unknown) => T): Record<number, T> {
  return Object.fromEntries(
    Object.entries(fields).map(([column, value]) => [whole(Number(column), 0, MAX_COLS), read(value)]),
  );
}

/** Modes are switches and names. */
function modes(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? text(value) : bool(value),
    ]),
  );
}

/** A table from characters to what is shown for them; none is the usual set. */
function charset(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  return Object.fromEntries(Object.entries(object(value)).map(([from, to]) => [text(from), text(to)]));
}
