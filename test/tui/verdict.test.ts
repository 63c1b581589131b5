import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeText, safeWidth } from "../../src/terminal/safeText.js";
import { type Decision, VerdictForm } from "../../src/tui/verdict.js";
import { flag } from "../replay/sessions.js";

function formOf(about = flag("x", 1, 1), trouble?: string) {
  const decisions: Decision[] = [];
  const form = new VerdictForm(about, undefined, (decision) => {
    decisions.push(decision);
    return trouble;
  });
  const type = (text: string) => {
    for (const one of text) form.key(one, one);
  };
  const text = (cols = 80) => form.rows(cols).map((row) => row.map((piece) => piece.text).join(""));
  return { form, decisions, type, text };
}

describe("the form for a verdict", () => {
  it("gives what was chosen and written, of the flag or of the session", () => {
    const about = flag("x", 1, 1);
    const { form, decisions, type } = formOf(about);
    type("our own!");
    form.key("backspace", undefined);
    form.key("right", undefined);
    expect(form.key("enter", undefined)).toBe(false);
    form.key("tab", undefined);
    form.key("left", undefined);
    form.key("left", undefined);
    form.key("ctrl+u", undefined);
    form.key("enter", undefined);
    expect(decisions).toEqual([
      { flag: about, verdict: "benign", note: "our own" },
      { flag: undefined, verdict: "unsure", note: "" },
    ]);
    expect(form.key("escape", undefined)).toBe(false);
  });

  it("stays and says why when the verdict can't be kept", () => {
    const { form, text } = formOf(undefined, "the disk is full");
    expect(form.key("enter", undefined)).toBe(true);
    expect(text().join("\n")).toContain("the disk is full");
    form.key("x", "x");
    expect(text().join("\n")).toContain("why: x");
  });

  it("fits any terminal and lets nothing act on it, whatever the flag says or is typed", () => {
    const hostile = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 2, max: 120 }), (sentence, note, cols) => {
        const about = flag("x", 1, 1);
        const { type, text } = formOf({ ...about, rule: { ...about.rule, sentence } });
        type(note);
        for (const line of text(cols)) {
          expect(safeText(line)).toBe(line);
          expect(safeWidth(line)).toBeLessThanOrEqual(cols);
        }
      }),
    );
  });
});
