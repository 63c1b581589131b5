import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { keyPath, loadSigner } from "../../src/recording/keys.js";
import { fingerprint } from "../../src/recording/seal.js";
import { scratch } from "./support.js";

test("a home gets one key, which stays, for its owner only", () => {
  const home = join(scratch(), "home");
  const signer = loadSigner(home);
  const path = keyPath(home);
  expect(path).toBe(join(home, "keys", "signing.key"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(path))).toEqual(["signing.key"]);
  expect(loadSigner(home).publicKey).toEqual(signer.publicKey);
  expect(signer.publicKey).toHaveLength(32);
});

test("the key is one that other tools read, and its signatures are Ed25519", () => {
  const home = scratch();
  const signer = loadSigner(home);
  const message = Buffer.from("a message");
  const key = createPublicKey(readFileSync(keyPath(home), "utf8"));
  expect(key.asymmetricKeyType).toBe("ed25519");
  expect(verify(null, message, key, signer.sign(message))).toBe(true);
});

test("a fingerprint has the form that people know from ssh", () => {
  // SHA-256 of 32 zero bytes.
  expect(fingerprint(new Uint8Array(32))).toBe("SHA256:Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU");
});

test("a key that can't be used is told, and never replaced", () => {
  const home = scratch();
  mkdirSync(dirname(keyPath(home)));
  writeFileSync(keyPath(home), "not a key");
  expect(() => loadSigner(home)).toThrow(expect.objectContaining({ code: "io", hint: expect.any(String) }));
  expect(readFileSync(keyPath(home), "utf8")).toBe("not a key");
});

test("a home that can't be written says so", () => {
  const file = join(scratch(), "file");
  writeFileSync(file, "");
  expect(() => loadSigner(file)).toThrow(expect.objectContaining({ code: "io" }));
  expect(() => loadSigner(join("/proc", "no-such-home"))).toThrow(
    expect.objectContaining({ code: "home-not-writable", hint: expect.stringContaining("BODYCAM_HOME") }),
  );
});
