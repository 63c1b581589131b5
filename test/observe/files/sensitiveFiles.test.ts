import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandBraces, nameFits, pathFits } from "../../../src/observe/files/globs.js";
import {
  findStores,
  parseSensitiveList,
  placed,
  storeOf,
} from "../../../src/observe/files/sensitiveFiles.js";

const list = parseSensitiveList(
  readFileSync(new URL("../../../detectors/sensitive-files.json", import.meta.url), "utf8"),
);
const stores = placed(list, { home: "/home/u", cwd: "/home/u/work", bodycamHome: "/home/u/bc" });
const kindOf = (path: string): string | undefined => storeOf(path, stores)?.kind;

describe("the list of sensitive files", () => {
  it.each([
    ["/home/u/.config/google-chrome/Default/Cookies", "browser-cookies"],
    ["/home/u/.config/google-chrome-beta/Profile 1/Network/Cookies", "browser-cookies"],
    ["/home/u/.config/BraveSoftware/Brave-Browser/Default/Cookies", "browser-cookies"],
    ["/home/u/snap/chromium/common/chromium/Default/Cookies", "browser-cookies"],
    ["/home/u/.mozilla/firefox/abc.default-release/cookies.sqlite", "browser-cookies"],
    ["/home/u/Library/Application Support/Google/Chrome/Default/Cookies", "browser-cookies"],
    ["/home/u/Library/Application Support/Arc/User Data/Default/Cookies", "browser-cookies"],
    ["/home/u/Library/Cookies/Cookies.binarycookies", "browser-cookies"],
    ["/home/u/.config/chromium/Default/Login Data", "browser-passwords"],
    ["/home/u/.ssh/id_ed25519", "key"],
    ["/home/u/.ssh/work.pem", "key"],
    ["/home/u/.gnupg/private-keys-v1.d/0A.key", "key"],
    ["/home/u/.aws/credentials", "cloud"],
    ["/home/u/.kube/config", "cloud"],
    ["/home/u/.npmrc", "registry"],
    ["/home/u/.git-credentials", "registry"],
    ["/home/u/.netrc", "password"],
    ["/home/u/.local/share/keyrings/login.keyring", "keychain"],
    ["/home/u/Library/Keychains/login.keychain-db", "keychain"],
    ["/home/u/.bitcoin/wallet.dat", "wallet"],
    ["/home/u/work/.env", "dotenv"],
    ["/home/u/work/packages/api/.env.production", "dotenv"],
    ["/home/u/.claude/settings.json", "agent"],
    ["/home/u/.codex/auth.json", "agent"],
    ["/home/u/bc/keys/camera", "bodycam"],
  ])("holds %s", (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });

  it.each([
    "/home/u/work/.env.example",
    "/home/u/.ssh/known_hosts",
    "/home/u/work/environment.ts",
    "/home/u/Cookies",
    "/home/u/work/Cookies",
    "/home/other/.ssh/id_rsa",
    "/etc/passwd",
  ])("does not hold %s", (path) => {
    expect(kindOf(path)).toBeUndefined();
  });

  it("finds what is there by the same patterns, and where more may come", () => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), "list-")));
    const make = (path: string): string => {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), "x");
      return join(home, path);
    };
    const there = [
      make(".config/google-chrome/Default/Cookies"),
      make(".ssh/id_rsa"),
      make("work/.env"),
      make("work/a/b/.env.local"),
    ];
    make("work/node_modules/x/.env");
    make("work/.env.example");
    make(".ssh/known_hosts");
    const found = findStores(placed(list, { home, cwd: join(home, "work"), bodycamHome: join(home, "bc") }));
    expect([...found.files.keys()].sort()).toEqual(there.sort());
    expect(found.folders).toContain(join(home, ".ssh"));
    expect(found.folders).toContain(join(home, "work"));
    expect(found.partial).toBe(false);
    rmSync(home, { recursive: true });
  });

  it.each([
    ["", /not JSON/],
    ["{}", /no `stores`/],
    ['{"stores":[null]}', /lacks a name/],
    ['{"stores":[{"store":"a","kind":"b","paths":[1]}]}', /no paths/],
    ['{"stores":[{"store":"a","kind":"b","paths":["x"]}]}', /begins nowhere/],
  ])("is refused when it is none: %s", (text, message) => {
    expect(() => parseSensitiveList(text)).toThrow(message);
  });
});

describe("patterns", () => {
  it("expand braces", () => {
    expect(expandBraces("a{b,c{d,e}}f")).toEqual(["abf", "acdf", "acef"]);
    expect(expandBraces("a{b")).toEqual(["a{b"]);
  });

  it("fit as a regular expression would", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(name, text, (n, pattern) => {
        expect(nameFits(n, pattern)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(n));
      }),
      { numRuns: 3000 },
    );
  });

  it("let ** stand for no folder too", () => {
    expect(pathFits("/w/.env", "/w/**/.env")).toBe(true);
    expect(pathFits("/w/a/b/.env", "/w/**/.env")).toBe(true);
    expect(pathFits("/v/.env", "/w/**/.env")).toBe(false);
  });
});
