import type { Emulator } from "./emulator.js";
import type { Attributes, CoreBuffer, ExtendedAttrs, Line } from "./internals.js";

/** Everything that an emulator's next output can depend on, in a form that holds no more than it must. */
export interface ScreenSnapshot {
  readonly cols: number;
  readonly rows: number;
  /** About how many bytes of memory this takes. */
  readonly size: number;
  readonly state: EmulatorState;
}

export interface EmulatorState {
  readonly alternate: boolean;
  readonly normal: BufferState;
  readonly alt: BufferState;
  readonly attributes: Attributes;
  readonly joinState: number;
  readonly combiningRun: number;
  readonly cursorHidden: boolean;
  readonly insertMode: boolean;
  readonly privateModes: Record<string, unknown>;
  readonly convertEol: boolean;
  readonly charsets: unknown[];
  readonly charset: unknown;
  readonly glevel: number;
}

export interface BufferState {
  readonly lines: readonly LineState[];
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedAttributes: Attributes;
  readonly savedCharset: unknown;
  readonly tabs: Record<number, boolean | undefined>;
}

export interface LineState {
  readonly wrapped: boolean;
  /** Cells up to the last one that is not blank. */
  readonly cells: Uint32Array;
  readonly combined: Record<number, string>;
  readonly extended: Record<number, ExtendedAttrs | undefined>;
}

const CELL = 3;
const BLANK = 1 << 22;

/** The emulator's state, or undefined while its parser is in the middle of something. */
export function snapshotEmulator(emulator: Emulator): ScreenSnapshot | undefined {
  const { core, input } = emulator;
  if (input._parser.currentState !== 0 || emulator.isMidCharacter) return undefined;
  const { normal, alt } = core._bufferService.buffers;
  const { coreService, _charsetService: sets } = core;
  const state: EmulatorState = {
    alternate: emulator.isAlternate,
    normal: keepBuffer(normal),
    alt: keepBuffer(alt),
    attributes: input._curAttrData.clone(),
    joinState: input._parser.precedingJoinState,
    combiningRun: emulator.combining.run,
    cursorHidden: coreService.isCursorHidden,
    insertMode: coreService.modes.insertMode,
    privateModes: { ...coreService.decPrivateModes },
    convertEol: core.optionsService.options.convertEol,
    charsets: [...sets._charsets],
    charset: sets.charset,
    glevel: sets.glevel,
  };
  return sized(emulator.cols, emulator.rows, state);
}

/** A state as a snapshot. */
export function sized(cols: number, rows: number, state: EmulatorState): ScreenSnapshot {
  let size = 1024;
  for (const { lines } of [state.normal, state.alt])
    for (const line of lines) size += line.cells.byteLength + 100;
  return { cols, rows, size, state };
}

/** Puts a new emulator of the snapshot's size into its state. */
export function restoreEmulator(emulator: Emulator, { state }: ScreenSnapshot): void {
  const { core, input } = emulator;
  const { buffers } = core._bufferService;
  if (state.alternate) buffers.activateAltBuffer();
  fillBuffer(buffers.normal, state.normal);
  fillBuffer(buffers.alt, state.alt);
  input._curAttrData = state.attributes.clone();
  input._parser.precedingJoinState = state.joinState;
  emulator.combining.run = state.combiningRun;
  core.coreService.isCursorHidden = state.cursorHidden;
  core.coreService.modes.insertMode = state.insertMode;
  Object.assign(core.coreService.decPrivateModes, state.privateModes);
  core.optionsService.options.convertEol = state.convertEol;
  core._charsetService._charsets = [...state.charsets];
  core._charsetService.charset = state.charset;
  core._charsetService.glevel = state.glevel;
}

function keepBuffer(buffer: CoreBuffer): BufferState {
  const lines: LineState[] = [];
  for (let i = 0; i < buffer.lines.length; i++) {
    const line = buffer.lines.get(i);
    if (line !== undefined) lines.push(keepLine(line));
  }
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedCharset } = buffer;
  const savedAttributes = buffer.savedCurAttrData.clone();
  const tabs = { ...buffer.tabs };
  return { lines, x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedAttributes, savedCharset, tabs };
}

function keepLine(line: Line): LineState {
  const data = line._data;
  let end = line.length;
  while (
    end > 0 &&
    data[end * CELL - 3] === BLANK &&
    data[end * CELL - 2] === 0 &&
    data[end * CELL - 1] === 0
  )
    end--;
  return {
    wrapped: line.isWrapped,
    cells: data.slice(0, end * CELL),
    combined: { ...line._combined },
    extended: { ...line._extendedAttrs },
  };
}

function fillBuffer(buffer: CoreBuffer, state: BufferState): void {
  while (buffer.lines.length > state.lines.length) buffer.lines.pop();
  state.lines.forEach((kept, i) => {
    if (i >= buffer.lines.length) buffer.lines.push(buffer.getBlankLine({ fg: 0, bg: 0 }));
    const line = buffer.lines.get(i);
    if (line === undefined) return;
    line.isWrapped = kept.wrapped;
    line._data.set(kept.cells);
    Object.assign(line._combined, kept.combined);
    Object.assign(line._extendedAttrs, kept.extended);
  });
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedCharset } = state;
  Object.assign(buffer, { x, y, ybase, ydisp: ybase, scrollTop, scrollBottom, savedX, savedY, savedCharset });
  buffer.savedCurAttrData = state.savedAttributes.clone();
  buffer.tabs = { ...state.tabs };
}
