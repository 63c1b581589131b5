import { describe, expect, it } from "vitest";
import { type Fields, matches, selection } from "./rules.js";

/** A selection's items, an event that they match, and one that they only nearly match. */
type Case = readonly [what: string, items: string, hit: Fields, miss: Fields];

function conforms(cases: readonly Case[]): void {
  it.each(cases)("%s", (_what, items, hit, miss) => {
    expect(matches(selection(items), hit)).toBe(true);
    expect(matches(selection(items), miss)).toBe(false);
  });
}

describe("values", () => {
  conforms([
    ["whole value", "A: one", { A: "one" }, { A: "one two" }],
    ["any case", "A: 'One'", { A: "oNE" }, { A: "0ne" }],
    ["case beyond ASCII", "A: 'STRASSE Ä É'", { A: "strasse ä é" }, { A: "strasse a e" }],
    ["final sigma", "A: 'ΟΔΟΣ'", { A: "οδος" }, { A: "οδοτ" }],
    ["every item of a map", "A: one\nB: two", { A: "one", B: "two" }, { A: "one", B: "three" }],
    ["any value of a list", "A:\n  - one\n  - two", { A: "two" }, { A: "three" }],
    ["any map of a list", "- A: one\n- B: two", { B: "two" }, { A: "two", B: "one" }],
    [
      "all items of a map in a list",
      "- A: one\n  B: two\n- C: three",
      { A: "one", B: "two" },
      { A: "one", C: "x" },
    ],
    ["any element of an array", "A: two", { A: ["one", "two"] }, { A: ["one", "two too"] }],
    ["a number", "A: 4625", { A: 4625 }, { A: 46250 }],
    ["a number as text", "A: 4625", { A: "4625" }, { A: "04625" }],
    ["a text as number", "A: '4625'", { A: 4625 }, { A: 4624 }],
    ["a number as written", "A: 00000429", { A: "00000429" }, { A: "0429" }],
    ["a negative and a fraction", "A: -1.5", { A: -1.5 }, { A: 1.5 }],
    ["true", "A: true", { A: true }, { A: false }],
    ["true as text", "A: true", { A: "True" }, { A: "yes" }],
    ["empty", "A: ''", { A: "" }, { A: " " }],
    ["empty is not missing", "A: ''", { A: "" }, {}],
    ["null is a missing field", "A: null", {}, { A: "null" }],
    ["null is no value", "A: null", { A: null }, { A: "" }],
    ["null without a word", "A:", { A: null }, { A: 0 }],
    ["names of JavaScript are no fields", "constructor: null", {}, { constructor: "x" }],
    ["field names with dots and dashes", "c-uri.query: x", { "c-uri.query": "x" }, { "c-uri": "x" }],
  ]);
});

describe("wildcards and their escapes", () => {
  conforms([
    ["* is any characters", "A: 'a*c'", { A: "abbbc" }, { A: "abbb" }],
    ["* is no characters too", "A: 'a*c'", { A: "ac" }, { A: "a" }],
    ["* spans lines", "A: 'a*c'", { A: "a\nc" }, { A: "a\nb" }],
    ["? is one character", "A: 'prog?.exe'", { A: "progA.exe" }, { A: "prog.exe" }],
    ["? is not two", "A: 'prog?.exe'", { A: "prog\n.exe" }, { A: "progAB.exe" }],
    ["? is one character outside the BMP", "A: 'a?b'", { A: "a😀b" }, { A: "a😀😀b" }],
    ["several *", "A: '*a*b*c'", { A: "xaxbxc" }, { A: "xbxaxc" }],
    ["the last piece ends the value", "A: 'a*bc'", { A: "abcbc" }, { A: "abcbcd" }],
    ["pieces do not overlap", "A: 'aba*aba'", { A: "abaaba" }, { A: "ababa" }],
    [String.raw`\* is a star`, String.raw`A: 'a\*c'`, { A: "a*c" }, { A: "abc" }],
    [String.raw`\? is a question mark`, String.raw`A: 'a\?c'`, { A: "a?c" }, { A: "abc" }],
    ["a single backslash", String.raw`A: 'C:\Windows'`, { A: "C:\\Windows" }, { A: "C:Windows" }],
    [
      String.raw`\\ is one backslash`,
      String.raw`A: 'C:\\Windows'`,
      { A: "C:\\Windows" },
      { A: "C:\\\\Windows" },
    ],
    [String.raw`\\* is a backslash and anything`, String.raw`A: 'a\\*'`, { A: "a\\b" }, { A: "a*" }],
    [String.raw`\\\* is a backslash and a star`, String.raw`A: 'a\\\*'`, { A: "a\\*" }, { A: "a\\b" }],
    [String.raw`\\\\ is two backslashes`, String.raw`A: '\\\\srv'`, { A: "\\\\srv" }, { A: "\\srv" }],
    ["three are two as well", String.raw`A: '\\\srv'`, { A: "\\\\srv" }, { A: "\\srv" }],
    ["a backslash at the end", String.raw`A: 'dir\'`, { A: "dir\\" }, { A: "dir" }],
    ["* alone is any value", "A: '*'", { A: "" }, {}],
  ]);
});

describe("generic modifiers", () => {
  conforms([
    ["contains", "A|contains: ell", { A: "Hello" }, { A: "Helo" }],
    ["startswith", "A|startswith: he", { A: "Hello" }, { A: "The" }],
    ["endswith", String.raw`A|endswith: '\cmd.exe'`, { A: "C:\\Windows\\CMD.EXE" }, { A: "C:\\cmd.exe.bak" }],
    ["endswith a backslash", "A|endswith: '\\'", { A: "C:\\" }, { A: "C:" }],
    ["wildcards within contains", "A|contains: 'a?c*e'", { A: "xabcdex" }, { A: "xacdex" }],
    [
      "escaped wildcards within contains",
      String.raw`A|contains: '\*.\*'`,
      { A: "del *.* /q" },
      { A: "del a.b" },
    ],
    ["all", "A|contains|all:\n  - one\n  - two", { A: "two one" }, { A: "two two" }],
    ["all over an array", "A|all:\n  - one\n  - two", { A: ["two", "one"] }, { A: ["two"] }],
    ["cased", "A|cased: One", { A: "One" }, { A: "one" }],
    ["contains and cased", "A|contains|cased: One", { A: "xOnex" }, { A: "xonex" }],
    ["exists", "A|exists: true", { A: null }, { B: "x" }],
    ["exists not", "A|exists: false", { B: "x" }, { A: "" }],
    ["neq", "A|neq: one", { A: "two" }, { A: "ONE" }],
    ["neq of several", "A|neq:\n  - one\n  - two", { A: "three" }, { A: "two" }],
    ["neq of a number", "A|neq: 5", { A: 6 }, { A: "5" }],
    ["neq is true of a missing field", "A|neq: one", {}, { A: ["two", "one"] }],
    ["contains and neq", "A|contains|neq: one", { A: "two" }, { A: "stone" }],
    ["a number that is contained", "A|contains: 4444", { A: "port 4444 open" }, { A: "port 444" }],
  ]);
});

describe("string modifiers", () => {
  conforms([
    ["windash: -", "A|contains|windash: ' -f '", { A: "x -f y" }, { A: "x +f y" }],
    ["windash: /", "A|contains|windash: ' -f '", { A: "x /f y" }, { A: "x f y" }],
    ["windash: en dash", "A|contains|windash: ' -f '", { A: "x \u2013f y" }, { A: "x \u2012f y" }],
    ["windash: em dash", "A|contains|windash: ' /f '", { A: "x \u2014f y" }, { A: "x _f y" }],
    ["windash: horizontal bar", "A|contains|windash: ' -f '", { A: "x \u2015f y" }, { A: "x \u2015g y" }],
    ["windash: every flag by itself", "A|windash: '-a -b'", { A: "/a \u2013b" }, { A: "/a b" }],
    ["windash: not within a word", "A|windash: '-long-name'", { A: "/long-name" }, { A: "/long/name" }],
    ["windash and endswith", "A|endswith|windash: ' -x'", { A: "cmd /x" }, { A: "cmd /xy" }],
    ["re searches", "A|re: 'b{2,3}c'", { A: "abbc" }, { A: "abc" }],
    ["re minds the case", "A|re: 'One'", { A: "One" }, { A: "one" }],
    ["re and i", "A|re|i: 'one\\d'", { A: "ONE1" }, { A: "ONEX" }],
    ["re and m", "A|re|m: '^b$'", { A: "a\nb\nc" }, { A: "a\nbb\nc" }],
    ["re without m", "A|re: '^b'", { A: "bc" }, { A: "a\nb" }],
    ["re and s", "A|re|s: 'a.b'", { A: "a\nb" }, { A: "a\n\nb" }],
    ["re without s", "A|re: 'a.b'", { A: "axb" }, { A: "a\nb" }],
    ["re with i, m and s", "A|re|i|m|s: '^B.C$'", { A: "a\nb\nc\nd" }, { A: "ab\nc\nd" }],
    ["re of a list", "A|re:\n  - '^x'\n  - 'y$'", { A: "oy" }, { A: "yo" }],
    ["re of all", "A|re|all:\n  - '^x'\n  - 'y$'", { A: "x-y" }, { A: "x-y-z" }],
    ["re keeps backslashes", String.raw`A|re: '\\\w+\.exe$'`, { A: "C:\\a.exe" }, { A: "C:\\a-exe" }],
    ["re of a number", "A|re: '^46..$'", { A: 4625 }, { A: 46250 }],
    ["base64", "A|base64: 'http://'", { A: "aHR0cDovLw==" }, { A: "http://" }],
    ["base64 contained", "A|base64|contains: 'foo'", { A: "x Zm9v y" }, { A: "x foo y" }],
    [
      "base64offset: 0",
      "A|base64offset|contains: 'powershell'",
      { A: btoa("powershell x") },
      { A: "powershell" },
    ],
    [
      "base64offset: 1",
      "A|base64offset|contains: 'powershell'",
      { A: btoa("x powershell") },
      { A: btoa("power") },
    ],
    [
      "base64offset: 2",
      "A|base64offset|contains: 'powershell'",
      { A: btoa("1234powershell") },
      { A: btoa("power") },
    ],
    ["utf16le", "A|utf16le|contains: cmd", { A: "x c\0m\0d\0 y" }, { A: "x cmd y" }],
    ["wide", "A|wide|contains: cmd", { A: "c\0m\0d\0" }, { A: "\0c\0m\0d" }],
    ["utf16be", "A|utf16be|contains: cmd", { A: "\0c\0m\0d" }, { A: "c\0m\0d\0" }],
    ["utf16 has a mark", "A|utf16|contains: cmd", { A: "\u00ff\u00fec\0m\0d\0" }, { A: "c\0m\0d\0" }],
    [
      "utf16 with the mark as a character",
      "A|utf16|contains: cmd",
      { A: "\ufeffc\0m\0d\0" },
      { A: "\ufeffcmd" },
    ],
    [
      "wide, then base64offset",
      "A|wide|base64offset|contains: 'whoami'",
      { A: Buffer.from("; whoami", "utf16le").toString("base64") },
      { A: btoa("; whoami") },
    ],
    [
      "utf16, then base64",
      "A|utf16|base64: cmd",
      { A: Buffer.from("\ufeffcmd", "utf16le").toString("base64") },
      { A: Buffer.from("cmd", "utf16le").toString("base64") },
    ],
  ]);
});

describe("numbers, dates and addresses", () => {
  conforms([
    ["lt", "A|lt: 5", { A: 4 }, { A: 5 }],
    ["lte", "A|lte: 5", { A: "5" }, { A: 5.1 }],
    ["gt", "A|gt: 5", { A: 5.1 }, { A: 5 }],
    ["gte", "A|gte: 5", { A: 5 }, { A: "4.9" }],
    ["comparing what is no number", "A|gte: 5", { A: "1e3" }, { A: "10 apples" }],
    ["comparing a missing field", "A|lt: 5", { A: -1 }, {}],
    ["minute", "A|minute: 40", { A: "2025-11-27T07:40:10Z" }, { A: "2025-11-27T07:41:40Z" }],
    ["hour", "A|hour: 7", { A: "2025-11-27 07:40:10.132" }, { A: "2025-11-27 17:40:10" }],
    ["day", "A|day: 27", { A: "2025-11-27" }, { A: "2027-11-26" }],
    ["week", "A|week: 48", { A: "2025-11-27" }, { A: "2025-12-01" }],
    ["week of the year before", "A|week: 53", { A: "2021-01-03" }, { A: "2021-01-04" }],
    ["month", "A|month: 11", { A: "2025-11-27" }, { A: "2025-12-11" }],
    ["year", "A|year: 2025", { A: "2025-11-27" }, { A: "2024-11-27" }],
    ["hour, compared", "A|hour|gte: 22", { A: "2025-11-27T23:00:00" }, { A: "2025-11-27T21:59:59" }],
    [
      "zones are not converted",
      "A|hour: 23",
      { A: "2025-11-27T23:00:00+05:00" },
      { A: "2025-11-27T18:00:00Z" },
    ],
    ["seconds since 1970", "A|year: 2025", { A: 1764229210 }, { A: 1 }],
    ["milliseconds since 1970", "A|month: 11", { A: 1764229210165 }, { A: "soon" }],
    ["cidr", "A|cidr: 10.0.0.0/8", { A: "10.200.3.4" }, { A: "11.0.0.1" }],
    ["cidr within a byte", "A|cidr: 192.168.4.0/22", { A: "192.168.7.255" }, { A: "192.168.8.0" }],
    ["cidr of all", "A|cidr: 0.0.0.0/0", { A: "1.2.3.4" }, { A: "::1" }],
    ["cidr without a length", "A|cidr: 127.0.0.1", { A: "127.0.0.1" }, { A: "127.0.0.2" }],
    ["cidr v6", "A|cidr: fe80::/10", { A: "fe80::1%eth0" }, { A: "fec0::1" }],
    [
      "cidr v6 in another form",
      "A|cidr: '2001:db8::/32'",
      { A: "2001:0DB8:0:0:0:0:0:1" },
      { A: "2001:db9::1" },
    ],
    ["cidr v6 loopback", "A|cidr: '::1/128'", { A: "::1" }, { A: "::2" }],
    ["cidr of a mapped address", "A|cidr: 10.0.0.0/8", { A: "::ffff:10.1.2.3" }, { A: "::ffff:11.1.2.3" }],
    ["cidr of what is no address", "A|cidr: 10.0.0.0/8", { A: "10.0.0.1" }, { A: "10.0.0.1.evil.com" }],
    ["cidr of a list", "A|cidr:\n  - 10.0.0.0/8\n  - '::1/128'", { A: "::1" }, { A: "12.0.0.1" }],
  ]);
});

describe("fieldref", () => {
  conforms([
    ["the same value", "A|fieldref: B", { A: "One", B: "one" }, { A: "one", B: "two" }],
    ["cased", "A|fieldref|cased: B", { A: "One", B: "One" }, { A: "One", B: "one" }],
    ["missing fields are not the same", "A|fieldref: B", { A: "", B: "" }, {}],
    ["startswith", "A|fieldref|startswith: B", { A: "one two", B: "one" }, { A: "one two", B: "two" }],
    [
      "endswith, the other way round",
      "A|endswith|fieldref: B",
      { A: "one two", B: "two" },
      { A: "one two", B: "one" },
    ],
    ["contains", "A|fieldref|contains: B", { A: "one two three", B: "two" }, { A: "one three", B: "two" }],
    ["neq", "A|fieldref|neq: B", { A: "one", B: "two" }, { A: "one", B: "one" }],
    ["numbers", "A|fieldref: B", { A: 5, B: "5" }, { A: 5, B: "5.0" }],
    ["wildcards of the other field are plain", "A|fieldref: B", { A: "a*", B: "a*" }, { A: "abc", B: "a*" }],
  ]);
});

describe("keywords", () => {
  conforms([
    ["in any field", "- evil\n- bad", { A: "x", B: "an EVIL thing" }, { A: "good" }],
    ["one keyword", "[evil]", { B: 'say "evil"' }, { B: "ev il" }],
    ["not in a field's name", "- evil", { A: "evil" }, { evil: "A" }],
    ["with wildcards", "- 'a*c'", { A: "xabcx" }, { A: "xabx" }],
    ["a number", "- 4625", { A: 4625 }, { A: 4624 }],
    ["all", "'|all':\n  - one\n  - two", { A: "one", B: "two" }, { A: "one", B: "three" }],
    ["re", "'|re': 'a{3}'", { A: "baaab" }, { A: "baab" }],
    ["cased", "'|cased': Evil", { A: "Evil" }, { A: "evil" }],
    ["keywords beside a map", "- evil\n- A: x", { A: "x" }, { A: "y" }],
    ["in an array", "- evil", { A: ["x", "evils"] }, { A: ["x"] }],
  ]);
});

describe("expand", () => {
  const options = { placeholders: { admins: ["root", "adm_*"], host: ["h1", "h2"], number: ["42"] } };
  const cases: readonly Case[] = [
    ["any of the values", "A|expand: '%admins%'", { A: "root" }, { A: "%admins%" }],
    ["values are patterns", "A|expand: '%admins%'", { A: "adm_bob" }, { A: "madm_bob" }],
    ["within text", String.raw`A|expand: 'C:\\%host%\x'`, { A: "C:\\h2\\x" }, { A: "C:\\h3\\x" }],
    ["several", "A|expand: '%host%-%number%'", { A: "h1-42" }, { A: "h1-h2" }],
    ["contained", "A|contains|expand: '%number%'", { A: "x42x" }, { A: "x4x" }],
    [String.raw`\% is a percent sign`, String.raw`A|expand: '\%x%host%'`, { A: "%xh1" }, { A: "h1" }],
    ["nothing to expand", "A|expand: '100%'", { A: "100%" }, { A: "100" }],
    ["in an expression", "A|re|expand: '^%number%$'", { A: "42" }, { A: "421" }],
  ];
  it.each(cases)("%s", (_what, items, hit, miss) => {
    expect(matches(selection(items), hit, options)).toBe(true);
    expect(matches(selection(items), miss, options)).toBe(false);
  });

  it("without the modifier a placeholder is plain text", () => {
    expect(matches(selection("A: '%admins%'"), { A: "%admins%" }, options)).toBe(true);
    expect(matches(selection("A: '%admins%'"), { A: "root" }, options)).toBe(false);
  });
});
