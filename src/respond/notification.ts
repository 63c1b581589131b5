import { displayText } from "../core/displayText.js";

const BEL = "\x07";
const ST = "\x1b\\";

/**
 * What makes a terminal call its person: the bell, and a desktop notification in the two forms that terminals know
 * (OSC 9: iTerm2, kitty, WezTerm, Windows Terminal; OSC 777: urxvt, foot, Ghostty, VTE). Only a sentence of our
 * own goes in, made harmless in case it names a program. tmux passes sequences on that are wrapped for it (tmux(1), allow-passthrough).
 */
export function notification(sentence: string, insideTmux: boolean): Uint8Array {
  const text = displayText(sentence, 300).replaceAll(";", ",");
  const sequences = [`\x1b]9;bodycam: ${text}${ST}`, `\x1b]777;notify;bodycam;${text}${ST}`];
  const wrapped = insideTmux ? sequences.map(forTmux) : sequences;
  return Buffer.from(BEL + wrapped.join(""), "utf8");
}

const forTmux = (sequence: string): string => `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}${ST}`;
