import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowedSigners, keysIn, PRINCIPAL } from "../../src/evidence/signing/allowedSigners.js";
import { deviceSigner } from "../../src/evidence/signing/bundleSigner.js";
import { userSigner } from "../../src/evidence/signing/sshKeygen.js";
import { keyLine, sshFingerprint } from "../../src/evidence/signing/sshPublicKey.js";
import { checkSignature, parseSignature } from "../../src/evidence/signing/sshSignature.js";
import { temporarySigner } from "../../src/recording/keys.js";

const hasKeygen = spawnSync("ssh-keygen", ["-?"]).error === undefined;
const message = Buffer.from("0000  data/a.txt\n");
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bodycam-signing-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("the device's signature", () => {
  it("is right for its message, and for nothing else", async () => {
    const signer = deviceSigner(temporarySigner());
    const signature = parseSignature(await signer.sign(message));
    if (signature === undefined) throw new Error("it does not parse");
    expect(signature).toMatchObject({ namespace: "file", hash: "sha512" });
    expect(checkSignature(signature, message)).toBe("right");
    expect(checkSignature(signature, Buffer.from("something else"))).toBe("wrong");
  });

  it("is the same each time", async () => {
    const signer = deviceSigner(temporarySigner());
    expect(await signer.sign(message)).toBe(await signer.sign(message));
  });

  it("does not survive a flipped bit", async () => {
    const armored = Buffer.from(await deviceSigner(temporarySigner()).sign(message));
    for (let bit = 0; bit < armored.length * 8; bit++) {
      const flipped = Buffer.from(armored);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const signature = parseSignature(flipped.toString("latin1"));
      const right = signature !== undefined && checkSignature(signature, message) === "right";
      expect(right && signature.namespace === "file", `bit ${bit}`).toBe(false);
    }
  });

  it.skipIf(!hasKeygen)("is accepted by ssh-keygen", async () => {
    const signer = deviceSigner(temporarySigner());
    writeFileSync(join(dir, "signed.sig"), await signer.sign(message));
    writeFileSync(join(dir, "allowed_signers"), allowedSigners(signer.key));
    const verify = spawnSync(
      "ssh-keygen",
      ["-Y", "verify", "-f", "allowed_signers", "-I", PRINCIPAL, "-n", "file", "-s", "signed.sig"],
      { cwd: dir, input: message, encoding: "utf8" },
    );
    expect(verify.status, verify.stderr).toBe(0);
    expect(verify.stdout).toContain(sshFingerprint(signer.key));
  });
});

describe.skipIf(!hasKeygen)("a user's own key", () => {
  it.each(["ed25519", "rsa", "ecdsa"])(
    "of type %s signs, and its signature is checked here",
    async (type) => {
      const file = join(dir, `id_${type}`);
      execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "somebody", "-f", file]);
      const signer = await userSigner(file);
      const signature = parseSignature(await signer.sign(message));
      if (signature === undefined) throw new Error("it does not parse");
      expect(checkSignature(signature, message)).toBe("right");
      expect(checkSignature(signature, Buffer.from("x"))).toBe("wrong");
      expect(keysIn(allowedSigners(signer.key)).map(keyLine)).toEqual([keyLine(signature.key)]);
    },
  );

  it("in ssh-agent is used when the public key is given", async () => {
    const file = join(dir, "id_agent");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    const socket = join(dir, "agent.sock");
    const started = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = socket;
    try {
      execFileSync("ssh-add", ["-q", file], { stdio: "ignore" });
      rmSync(file);
      const signature = parseSignature(await (await userSigner(`${file}.pub`)).sign(message));
      expect(signature && checkSignature(signature, message)).toBe("right");
    } finally {
      process.kill(pid);
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    }
  });

  it("that is none is refused in a sentence", async () => {
    writeFileSync(join(dir, "nonsense"), "nonsense\n");
    await expect(userSigner(join(dir, "nonsense"))).rejects.toMatchObject({ code: "signing" });
    await expect(userSigner(join(dir, "absent"))).rejects.toMatchObject({ code: "signing" });
  });
});
