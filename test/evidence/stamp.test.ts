import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requestFor, withStamp } from "../../src/evidence/timestamp/addStamp.js";
import { readStamp } from "../../src/evidence/timestamp/stamp.js";
import { verifyBundle } from "../../src/evidence/verify/verifyBundle.js";
import { scratch } from "../recording/support.js";
import { bundleOf, out, recordSession } from "./case.js";

const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

const CONFIG = `[tsa]
default_tsa = here
[here]
serial = ./serial
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

/** A time-stamp authority of our own, in a directory: `openssl ts` answers for it. */
function authority(dir: string): (request: Uint8Array) => Uint8Array {
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: dir, stdio: "ignore" });
  };
  writeFileSync(join(dir, "tsa.cnf"), CONFIG);
  writeFileSync(join(dir, "serial"), "01\n");
  writeFileSync(join(dir, "ext"), "extendedKeyUsage=critical,timeStamping\n");
  const rsa = ["-newkey", "rsa:2048", "-nodes"];
  openssl("req", "-x509", ...rsa, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA");
  openssl("req", ...rsa, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA");
  const ca = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  openssl("x509", "-req", "-in", "tsa.csr", ...ca, "-extfile", "ext", "-out", "tsa.pem");
  return (request) => {
    writeFileSync(join(dir, "q"), request);
    openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "here", "-queryfile", "q", "-out", "r");
    return readFileSync(join(dir, "r"));
  };
}

describe.skipIf(!hasOpenssl)("a time stamp", () => {
  it("is asked for, put into the bundle and checked; one for another bundle is refused", async () => {
    const dir = scratch();
    const answer = authority(dir);
    const [one, other] = [join(dir, "one.zip"), join(dir, "other.zip")];
    writeFileSync(one, await bundleOf([await recordSession(dir, 1, [out("one\r\n")])]));
    writeFileSync(other, await bundleOf([await recordSession(dir, 2, [out("two\r\n")])]));
    const response = answer(await requestFor(one));
    await expect(withStamp(other, response)).rejects.toMatchObject({ code: "bad-usage" });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await withStamp(one, response)).content) pieces.push(Buffer.from(piece));
    writeFileSync(one, Buffer.concat(pieces));
    const authorities = join(dir, "ca.pem");
    const report = await verifyBundle(one, { authorities });
    expect(report.problems).toEqual([]);
    expect(report.timestamp).toMatchObject({ authority: "CN=Test TSA", trusted: true });
    expect((await verifyBundle(one)).timestamp?.trusted).toBeUndefined();

    const elsewhere = scratch();
    authority(elsewhere);
    const untrusted = await verifyBundle(one, { authorities: join(elsewhere, "ca.pem") });
    expect(untrusted.problems).toMatchObject([{ kind: "timestamp", what: "untrusted" }]);
  });

  it("of which a bit is flipped is never taken for another time", async () => {
    const dir = scratch();
    const path = join(dir, "case.zip");
    writeFileSync(path, await bundleOf([await recordSession(dir, 1, [out("one\r\n")])]));
    const data = Buffer.from("a signature");
    const { stampRequest } = await import("../../src/evidence/timestamp/stamp.js");
    const response = Buffer.from(authority(dir)(stampRequest(data)));
    const right = readStamp(response, data);
    for (let at = 0; at < response.length; at++) {
      const flipped = Buffer.from(response);
      flipped[at] = (flipped[at] as number) ^ 1;
      const stamp = readStamp(flipped, data);
      if (typeof stamp !== "string") expect(stamp, `byte ${at}`).toEqual(right);
    }
  });
});
