import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodycamError } from "../../src/core/errors.js";
import { eventOfLine } from "../../src/session/eventLine.js";

describe("a line of an events file", () => {
  it("is an event with flat fields", () => {
    const line =
      '{"category":"process_creation","product":"linux","fields":{"Image":"/bin/cp","a":{"b":1,"c":[true,null]}}}';
    expect(eventOfLine(line, 1)).toEqual({
      category: "process_creation",
      product: "linux",
      fields: { Image: "/bin/cp", "a.b": 1, "a.c": [true, null] },
    });
  });

  it("is an event or refused with its number, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(eventOfLine(text, 7)).toHaveProperty("fields");
        } catch (error) {
          expect(error).toBeInstanceOf(BodycamError);
          expect((error as BodycamError).message).toContain("Line 7");
        }
      }),
    );
  });
});
