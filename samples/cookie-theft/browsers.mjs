// Cookie databases as Chromium (version 24 of its schema) and Firefox (version 17) make them. Every name, host and
// token in them is made up; hosts end in .test, which never resolves.
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";

const CHROMIUM_SCHEMA = `
  CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
  INSERT INTO meta VALUES ('mmap_status', '-1'), ('version', '24'), ('last_compatible_version', '24');
  CREATE TABLE cookies(creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL, top_frame_site_key TEXT NOT NULL,
    name TEXT NOT NULL, value TEXT NOT NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL,
    expires_utc INTEGER NOT NULL, is_secure INTEGER NOT NULL, is_httponly INTEGER NOT NULL,
    last_access_utc INTEGER NOT NULL, has_expires INTEGER NOT NULL, is_persistent INTEGER NOT NULL,
    priority INTEGER NOT NULL, samesite INTEGER NOT NULL, source_scheme INTEGER NOT NULL,
    source_port INTEGER NOT NULL, last_update_utc INTEGER NOT NULL, source_type INTEGER NOT NULL,
    has_cross_site_ancestor INTEGER NOT NULL);
  CREATE UNIQUE INDEX cookies_unique_index ON cookies(host_key, top_frame_site_key, has_cross_site_ancestor, name,
    path, source_scheme, source_port);`;

const FIREFOX_SCHEMA = `
  PRAGMA user_version = 17;
  CREATE TABLE moz_cookies(id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT,
    host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER,
    isHttpOnly INTEGER, inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0, schemeMap INTEGER DEFAULT 0,
    isPartitionedAttributeSet INTEGER DEFAULT 0, updateTime INTEGER,
    CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes));`;

/** Chromium counts microseconds from 1601. */
const chromiumTime = (ms) => BigInt(Math.round(ms)) * 1000n + 11_644_473_600_000_000n;
const YEAR = 365 * 24 * 3600 * 1000;

// On Linux without a keyring Chromium's key is derived from a fixed word: `v10` values keep nobody out.
const KEY = pbkdf2Sync("peanuts", "saltysalt", 1, 16, "sha1");
const IV = Buffer.alloc(16, " ");
const hostHash = (host) => createHash("sha256").update(host).digest();

function encrypt(host, value) {
  const cipher = createCipheriv("aes-128-cbc", KEY, IV);
  const sealed = Buffer.concat([cipher.update(hostHash(host)), cipher.update(value, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.from("v10"), sealed]);
}

export function decrypt(sealed) {
  const decipher = createDecipheriv("aes-128-cbc", KEY, IV);
  const plain = Buffer.concat([decipher.update(sealed.subarray(3)), decipher.final()]);
  return plain.subarray(32).toString("utf8");
}

const fresh = (file) => {
  mkdirSync(dirname(file), { recursive: true });
  return new Database(file);
};

function chromiumCookies(file, cookies) {
  const db = fresh(file);
  db.exec(CHROMIUM_SCHEMA);
  const insert = db.prepare(
    `INSERT INTO cookies VALUES (?, ?, '', ?, '', ?, '/', ?, 1, 1, ?, 1, 1, 1, 1, 2, 443, ?, 1, 0)`,
  );
  const now = Date.now();
  for (const [i, [host, name, value]] of cookies.entries()) {
    const made = chromiumTime(now - YEAR / 4 + i);
    insert.run(made, host, name, encrypt(host, value), chromiumTime(now + YEAR), made, made);
  }
  db.close();
}

function firefoxCookies(file, cookies) {
  const db = fresh(file);
  db.exec(FIREFOX_SCHEMA);
  const insert = db.prepare(
    `INSERT INTO moz_cookies(name, value, host, path, expiry, lastAccessed, creationTime, isSecure, isHttpOnly, sameSite,
      schemeMap, updateTime) VALUES (?, ?, ?, '/', ?, ?, ?, 1, 1, 1, 2, ?)`,
  );
  const now = Date.now();
  for (const [host, name, value] of cookies)
    insert.run(name, value, host, now + YEAR, now * 1000, now * 1000, now * 1000);
  db.close();
}

const json = (file, value) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
};

/** Puts the browsers of an ordinary person into a home. `token` logs in to the demo's dashboard. */
export function makeBrowsers(home, token) {
  const chrome = join(home, ".config/google-chrome");
  json(join(chrome, "Local State"), {
    profile: {
      info_cache: { Default: { name: "Anna" }, "Profile 1": { name: "Work" } },
      last_used: "Profile 1",
    },
  });
  json(join(chrome, "Default/Preferences"), { profile: { name: "Anna" } });
  json(join(chrome, "Profile 1/Preferences"), { profile: { name: "Work" } });
  chromiumCookies(join(chrome, "Default/Cookies"), [
    [".mail.test", "SID", "fake-mail-session-4f1d9c2ab7"],
    [".shop.test", "cart_id", "fake-cart-18"],
  ]);
  chromiumCookies(join(chrome, "Profile 1/Cookies"), [
    ["billing.acme.test", "session_token", token],
    [".acme.test", "csrf_token", "fake-csrf-0a9b8c7d6e5f"],
  ]);
  const brave = join(home, ".config/BraveSoftware/Brave-Browser");
  json(join(brave, "Local State"), { profile: { info_cache: { Default: { name: "Person 1" } } } });
  chromiumCookies(join(brave, "Default/Cookies"), [
    [".bank.test", "auth_token", "fake-bank-session-77aa66bb"],
  ]);
  const firefox = join(home, ".mozilla/firefox");
  mkdirSync(firefox, { recursive: true });
  writeFileSync(
    join(firefox, "profiles.ini"),
    "[Profile0]\nName=default-release\nIsRelative=1\nPath=k3x9.default-release\nDefault=1\n",
  );
  firefoxCookies(join(firefox, "k3x9.default-release/cookies.sqlite"), [
    [".forge.test", "user_session", "fake-forge-session-c0ffee00c0ffee00"],
    [".cloud.test", "access_token", "fake-cloud-token-0123456789abcdef"],
  ]);
}
