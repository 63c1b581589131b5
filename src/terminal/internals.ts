/**
 * What bodycam uses of the inside of @xterm/headless 6.0.0 (pinned). Its public interface tells neither when a
 * character is printed nor when text is about to be erased, and reads cells one object at a time.
 */

/** One row: three 32-bit words a cell (content, foreground, background). */
export interface Line {
  isWrapped: boolean;
  readonly length: number;
  readonly _data: Uint32Array;
  readonly _combined: Record<number, string>;
  readonly _extendedAttrs: Record<number, ExtendedAttrs | undefined>;
  resize(cols: number, fill: unknown): boolean;
  getTrimmedLength(): number;
  getString(column: number): string;
  getWidth(column: number): number;
  isCombined(column: number): number;
}

export interface ExtendedAttrs {
  /** Underline style and colour, packed. */
  ext: number;
  readonly underlineStyle: number;
  clone(): ExtendedAttrs;
}

/** What the next character is printed with. */
export interface Attributes {
  fg: number;
  bg: number;
  readonly extended: ExtendedAttrs;
  clone(): Attributes;
}

interface LineList {
  readonly length: number;
  maxLength: number;
  get(index: number): Line | undefined;
  push(line: Line): void;
  pop(): unknown;
}

/** A screen and the rows above it. `x`, `y` is the cursor; row `y` of the screen is line `ybase + y`. */
export interface CoreBuffer {
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  savedY: number;
  savedCurAttrData: Attributes;
  savedCharset: unknown;
  tabs: Record<number, boolean | undefined>;
  readonly lines: LineList;
  getNullCell(): unknown;
  getBlankLine(attributes: { readonly fg: number; readonly bg: number }): Line;
}

export interface Params {
  readonly params: Int32Array;
  readonly length: number;
}

/** Takes what is in an OSC or DCS string. */
interface StringParser {
  put(data: Uint32Array, start: number, end: number): void;
}

/** A method of the input handler: one control function. */
export type Control = (params: Params, ...more: unknown[]) => boolean;

export const CONTROLS = [
  "backspace",
  "carriageReturn",
  "charPosAbsolute",
  "cursorBackward",
  "cursorBackwardTab",
  "cursorCharAbsolute",
  "cursorDown",
  "cursorForwardTab",
  "cursorPosition",
  "cursorUp",
  "deleteChars",
  "deleteColumns",
  "deleteLines",
  "eraseChars",
  "eraseInDisplay",
  "eraseInLine",
  "fullReset",
  "index",
  "insertChars",
  "insertColumns",
  "insertLines",
  "lineFeed",
  "linePosAbsolute",
  "repeatPrecedingCharacter",
  "resetModePrivate",
  "restoreCursor",
  "reverseIndex",
  "screenAlignmentPattern",
  "scrollDown",
  "scrollLeft",
  "scrollRight",
  "scrollUp",
  "setModePrivate",
  "setScrollRegion",
  "softReset",
  "tabClear",
  "tabSet",
  "vPositionRelative",
] as const;

export type ControlName = (typeof CONTROLS)[number];

export type InputHandler = { [name in ControlName]: Control } & {
  parse(data: Uint8Array): unknown;
  print(data: Uint32Array, start: number, end: number): void;
  _eraseInBufferLine(y: number, start: number, end: number, clearWrap: boolean, protect: boolean): void;
  _resetBufferLine(y: number, protect: boolean): void;
  readonly _parser: {
    readonly currentState: number;
    precedingJoinState: number;
    readonly _oscParser: StringParser;
    readonly _dcsParser: StringParser;
    reset(): void;
  };
  _curAttrData: Attributes;
};

export interface Core {
  readonly _inputHandler: InputHandler;
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    readonly buffers: {
      readonly active: CoreBuffer;
      readonly normal: CoreBuffer;
      readonly alt: CoreBuffer;
      activateAltBuffer(): void;
    };
    resize(cols: number, rows: number): void;
    onScroll(listener: () => void): unknown;
  };
  readonly _charsetService: { _charsets: unknown[]; charset: unknown; glevel: number };
  readonly coreService: {
    isCursorHidden: boolean;
    readonly modes: { insertMode: boolean };
    readonly decPrivateModes: { readonly wraparound: boolean; readonly origin: boolean };
  };
  readonly optionsService: { readonly options: { convertEol: boolean } };
}
