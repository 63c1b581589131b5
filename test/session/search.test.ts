import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { removeCatalogue } from "../../src/catalogue/database.js";
import type { EventBody } from "../../src/core/event.js";
import { homeOf, recordingPath, reviewsPath } from "../../src/core/home.js";
import type { ReviewDraft } from "../../src/core/review.js";
import type { SessionId } from "../../src/core/units.js";
import { Library } from "../../src/session/library.js";
import { keepReviewEnds } from "../../src/session/reviews.js";
import { type Wanted, wantedRegex, wantedText } from "../../src/session/search.js";
import { META, record, startRecording } from "../recording/support.js";

const ID = "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId;

const bytes = (text: string) => new TextEncoder().encode(text);
const output = (text: string): EventBody => ({ kind: "output", data: bytes(text) });
const input = (text: string): EventBody => ({ kind: "input", data: bytes(text) });

const home = () => {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-search-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return homeOf({ BODYCAM_HOME: dir }, "linux");
};

function libraryOf(at = home()): Library {
  const library = new Library(at, []);
  onTestFinished(() => library.close());
  return library;
}

/** A library with one session of these events in it, read and searchable. */
async function recorded(...bodies: readonly EventBody[]): Promise<Library> {
  const library = libraryOf();
  const path = recordingPath(library.home, ID);
  mkdirSync(dirname(path), { recursive: true });
  await record(path, bodies);
  await library.refresh();
  expect(await library.readTexts(() => {})).toEqual([]);
  return library;
}

const found = (library: Library, wanted: Wanted) =>
  [...library.search(wanted)].map(({ line }) => `${line.source}: ${line.text}`);

describe("searching all sessions", () => {
  it("finds what was on the screen, typed, run and declared", async () => {
    const library = await recorded(
      output("Reading \x1b[1mcookies\x1b[0m.sqlite now\r\n"),
      input("cat cookies.sqlitx\x7fe\r"),
      {
        kind: "observation",
        observation: {
          source: "process",
          fact: {
            what: "exec",
            pid: 2,
            ppid: 1,
            image: "/bin/cp",
            argv: ["cp", "my cookies.sqlite"],
            cwd: "/",
          },
        },
      },
      {
        kind: "observation",
        observation: {
          source: "tool",
          fact: {
            what: "call",
            agent: "codex",
            call: "1",
            tool: "shell",
            command: "sqlite3 cookies.sqlite",
            paths: [],
            input: "{}",
          },
        },
      },
    );
    expect(found(library, wantedText("COOKIES.sqlite"))).toEqual([
      "screen: Reading cookies.sqlite now",
      "typed: cat cookies.sqlite",
      "executed: cp 'my cookies.sqlite'",
      "declared: shell sqlite3 cookies.sqlite",
    ]);
    expect(found(library, wantedRegex("my \\w+\\.sqlite"))).toEqual(["executed: cp 'my cookies.sqlite'"]);
    const [hit] = library.search(wantedText("now"));
    expect(hit?.line.text.slice(hit.span.start, hit.span.end)).toBe("now");
  });

  it("knows nothing of what was typed at a password prompt", async () => {
    const library = await recorded(
      output("Password: "),
      { kind: "masked", bytes: 8 },
      output("\r\nwelcome\r\n"),
    );
    expect(found(library, wantedText("password"))).toHaveLength(1);
    expect([...library.catalogue.lines.candidates(ID, [])].map(({ text }) => text)).toEqual([
      "Password:",
      "welcome",
    ]);
  });

  it("finds everything again when the catalogue was lost", async () => {
    const library = await recorded(output("one needle\r\ntwo\r\n"));
    const before = found(library, wantedText("needle"));
    library.close();
    removeCatalogue(library.home.catalogue);
    const again = libraryOf(library.home);
    expect(found(again, wantedText("needle"))).toEqual([]);
    await again.rebuild(() => {});
    await again.readTexts(() => {});
    expect(found(again, wantedText("needle"))).toEqual(before);
  });

  it("reads a running session as far as it is, and on when it has gone on", async () => {
    const library = libraryOf();
    const path = recordingPath(library.home, ID);
    mkdirSync(dirname(path), { recursive: true });
    const meta = { ...META, host: hostname(), recorder: { version: "0", pid: process.pid } };
    const writer = startRecording(path, { meta });
    writer.append(output("first needle\r\n"));
    writer.emergency();
    await library.refresh();
    await library.readTexts(() => {});
    expect(found(library, wantedText("needle"))).toEqual(["screen: first needle"]);
    writer.append(output("second needle\r\n"));
    await writer.end({ by: "exit", code: 0 });
    await library.readTexts(() => {});
    expect(found(library, wantedText("needle"))).toEqual(["screen: first needle", "screen: second needle"]);
  });

  it("tells of an expression that can't run in linear time, and of an empty text", () => {
    for (const wrong of ["(?=a)", "(a)\\1", "["])
      expect(() => wantedRegex(wrong)).toThrow(expect.objectContaining({ code: "bad-usage" }));
    expect(() => wantedText(" ")).toThrow(expect.objectContaining({ code: "bad-usage" }));
  });

  it("takes an expression that would hang others", async () => {
    const library = await recorded(output(`${"a".repeat(5000)}!\r\n`));
    expect(found(library, wantedRegex("(a+)+$"))).toEqual([]);
    expect(found(library, wantedRegex("(a|aa)+!"))).toHaveLength(1);
  });
});

describe("the reviews of a library", () => {
  const draft = (note: string): ReviewDraft => ({
    session: ID,
    flag: undefined,
    verdict: "true",
    note,
    by: "ada",
    host: "engine",
    at: 1_700_000_000_000_000,
  });

  it("notice that their end was cut off or changed, also after a rebuild and after more was written", async () => {
    const library = await recorded(output("x\r\n"));
    const path = reviewsPath(library.home, ID);
    const lines = ["one", "two", "three"].map((note) => {
      library.review(draft(note));
      return JSON.stringify(note);
    });
    expect(library.reviews(ID)).toMatchObject({
      reviews: lines.map((note) => ({ note: JSON.parse(note) })),
      problems: [],
    });
    writeFileSync(path, "");
    const lost = [{ what: "lost-end", entries: 3 }];
    expect(library.reviews(ID).problems).toEqual(lost);
    library.close();
    const restore = keepReviewEnds(library.home);
    removeCatalogue(library.home.catalogue);
    const again = libraryOf(library.home);
    restore(again.catalogue);
    expect(again.reviews(ID).problems).toEqual(lost);
    again.review(draft("four"));
    expect(again.reviews(ID)).toMatchObject({ reviews: [{ note: "four" }], problems: lost });
  });
});
