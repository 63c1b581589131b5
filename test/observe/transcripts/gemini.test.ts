import { describe, expect, it } from "vitest";
import { gemini } from "../../../src/observe/transcripts/gemini.js";
import { brief, factsOf, fixture } from "./reading.js";

const place = { cwds: ["/home/ada/shop"], env: {}, home: "/home/ada" };
const path = "/home/ada/.gemini/tmp/shop/chats/session-2026-03-02T10-00-9e000000.jsonl";
const expected = [
  "run_a run_shell_command: ls src",
  "run_a ok: Process Group PGID: 7",
  "run_b run_shell_command: cat missing.txt",
  "run_b failed: Process Group PGID: 8",
  "read_c read_file: [cart.ts]",
  "read_c failed: not allowed",
];

describe("a transcript of Gemini CLI", () => {
  it("tells each call once, however often it is written and whatever is rewound", () => {
    expect(factsOf(gemini, fixture("gemini.jsonl")).map(brief)).toEqual(expected);
  });

  it("is read in its older form too, one document", () => {
    const read = gemini.reader();
    const document = JSON.parse(fixture("gemini.json").toString());
    expect(read(document).map((told) => brief(told.fact))).toEqual(expected);
    expect(read(document)).toEqual([]);
  });

  it("says whose it is", () => {
    const [head] = fixture("gemini.jsonl").toString().split("\n");
    const origin = gemini.origin(JSON.parse(head as string), path, place);
    expect(origin).toMatchObject({ session: "9e000000-0000-4000-8000-000000000001", here: true });
    expect(gemini.origin(JSON.parse(head as string), path, { ...place, cwds: ["/x"] })?.here).toBe(false);
    expect(gemini.isTranscript(path)).toBe(true);
    expect(gemini.isTranscript("/home/ada/.gemini/tmp/shop/chats/9e/sub.jsonl")).toBe(true);
    expect(gemini.isTranscript("/home/ada/.gemini/tmp/shop/logs.json")).toBe(false);
  });
});
