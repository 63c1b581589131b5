import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encrypterFor } from "../../src/evidence/encrypt/ageEncrypt.js";
import { scratch } from "../recording/support.js";

const hasAge = spawnSync("age", ["--version"]).error === undefined;
const content = Buffer.alloc(300_000, "a bundle ");

async function* pieces(): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < content.length; at += 70_000) yield content.subarray(at, at + 70_000);
}

describe("encryption", () => {
  it.skipIf(!hasAge)("is opened by age with each of its recipients' keys", async () => {
    const dir = scratch();
    execFileSync("age-keygen", ["-o", "age.key"], { cwd: dir, stdio: "ignore" });
    const recipients = [execFileSync("age-keygen", ["-y", "age.key"], { cwd: dir, encoding: "utf8" }).trim()];
    for (const type of ["ed25519", "rsa"]) {
      execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", type], { cwd: dir });
      recipients.push(readFileSync(join(dir, `${type}.pub`), "utf8").trim());
    }
    const encrypted: Uint8Array[] = [];
    for await (const piece of encrypterFor(recipients)(pieces())) encrypted.push(piece);
    writeFileSync(join(dir, "case.age"), Buffer.concat(encrypted));
    for (const key of ["age.key", "ed25519", "rsa"]) {
      const opened = execFileSync("age", ["-d", "-i", key, "case.age"], { cwd: dir, maxBuffer: 1 << 24 });
      expect(opened.equals(content), key).toBe(true);
    }
  });

  it("is refused for what can't be encrypted for", () => {
    for (const recipient of [
      "somebody",
      "age1nonsense",
      "ssh-ed25519 AAAA",
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=",
    ])
      expect(() => encrypterFor([recipient])).toThrow(/nobody that can be encrypted for/);
  });
});
