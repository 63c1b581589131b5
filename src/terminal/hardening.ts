import { charWidth } from "./charWidth.js";
import { CONTROLS, type ControlName, type Core, type InputHandler, type Params } from "./internals.js";

/** How many combining characters one cell keeps. Real scripts need four or five. */
const MAX_COMBINING = 16;
const FIRST_COMBINING = 0x300;

/**
 * Closes the ways in which input can make the emulator hang, throw or grow:
 *  - repeat counts go up to 2³¹ and are looped over (SU, SD, IL, DL, CHT, CBT, REP);
 *  - what is in OSC and DCS strings (titles, links, colours, queries) is collected up to 10 MB each, and each OSC 8
 *    link is kept with a marker until its row is gone; nothing of it changes a cell, so it is dropped;
 *  - combining characters pile up in one cell without end, or get a cell of their own where there is none;
 *  - "erase above" with the cursor in the last cell of the buffer reads the row behind it (TypeError).
 *
 * @throws Error when the emulator is not the one this was written for.
 */
export function harden(input: InputHandler, core: Core): CombiningRun {
  for (const name of CONTROLS)
    if (typeof input[name] !== "function")
      throw new Error(`@xterm/headless has no ${name}: not version 6.0.0?`);

  const clamp = (name: ControlName, most: () => number) => {
    const run = input[name];
    input[name] = (params, ...more) => {
      if ((params.params[0] ?? 0) > most()) params.params[0] = most();
      return run.call(input, params, ...more);
    };
  };
  const { _bufferService: size } = core;
  for (const name of ["scrollUp", "scrollDown", "insertLines", "deleteLines"] as const)
    clamp(name, () => size.rows);
  for (const name of ["cursorForwardTab", "cursorBackwardTab"] as const) clamp(name, () => size.cols);
  clamp("repeatPrecedingCharacter", () => size.rows * size.cols);

  const { _oscParser: osc, _dcsParser: dcs } = input._parser;
  osc.put = () => undefined;
  dcs.put = () => undefined;

  eraseAboveSafely(input, core);
  return limitCombining(input);
}

/** How many combining characters came one after the other. */
export interface CombiningRun {
  run: number;
}

function limitCombining(input: InputHandler): CombiningRun {
  const print = input.print;
  const state = { run: 0 };
  input.print = (data, start, end) => {
    let carried = input._parser.precedingJoinState !== 0;
    if (!carried) state.run = 0;
    let kept = start;
    while (kept < end && (data[kept] as number) < FIRST_COMBINING) kept++;
    if (kept > start) {
      carried = true;
      state.run = 0;
    }
    for (let i = kept; i < end; i++) {
      const code = data[i] as number;
      if (code < FIRST_COMBINING || charWidth(code) > 0) {
        carried = true;
        state.run = 0;
      } else if (!carried || ++state.run > MAX_COMBINING) continue;
      data[kept++] = code;
    }
    print.call(input, data, start, kept);
  };
  return state;
}

function eraseAboveSafely(input: InputHandler, core: Core): void {
  const erase = input.eraseInDisplay;
  input.eraseInDisplay = (params: Params, protect: unknown) => {
    if (params.params[0] !== 1) return erase.call(input, params, protect);
    const { active: buffer } = core._bufferService.buffers;
    const { cols } = core._bufferService;
    const keep = protect === true;
    input._eraseInBufferLine(buffer.y, 0, buffer.x + 1, true, keep);
    if (buffer.x + 1 >= cols) {
      const next = buffer.lines.get(buffer.ybase + buffer.y + 1);
      if (next !== undefined && buffer.y + 1 < core._bufferService.rows) next.isWrapped = false;
    }
    for (let y = buffer.y - 1; y >= 0; y--) input._resetBufferLine(y, keep);
    return true;
  };
}
