import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Whether a time stamp is from an authority that the certificates in `caFile` (PEM) vouch for, by `openssl ts -verify`.
 * @returns undefined when it is, else why not
 */
export async function untrustedBecause(
  response: Uint8Array,
  data: Uint8Array,
  caFile: string,
): Promise<string | undefined> {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-"));
  try {
    writeFileSync(join(dir, "response"), response);
    writeFileSync(join(dir, "data"), data);
    const files = ["-data", join(dir, "data"), "-in", join(dir, "response")];
    return await openssl(["ts", "-verify", ...files, "-CAfile", caFile]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function openssl(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
    const said: Buffer[] = [];
    child.stderr.on("data", (piece: Buffer) => said.push(piece));
    child.on("error", (error) => resolve(`openssl can't be run: ${error.message}`));
    child.on("close", (code) => {
      const why = Buffer.concat(said).toString().trim().split("\n").at(-1);
      resolve(code === 0 ? undefined : why || "openssl does not accept it");
    });
  });
}
