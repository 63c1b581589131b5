import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleProblemText } from "../../src/evidence/bundleProblemText.js";
import { readSmall } from "../../src/evidence/readSmall.js";
import { verifyBundle } from "../../src/evidence/verify/verifyBundle.js";
import { writeZip, type ZipEntry } from "../../src/evidence/zip/writeZip.js";
import { openZip } from "../../src/evidence/zip/zipContainer.js";
import { temporarySigner } from "../../src/recording/keys.js";
import { scratch } from "../recording/support.js";
import { bundleOf, out, recordSession, writeTree } from "./case.js";

type Files = ReadonlyMap<string, Uint8Array>;

async function filesOf(zip: string): Promise<Files> {
  const container = await openZip(zip);
  const files = new Map<string, Uint8Array>();
  for (const name of container.files.keys()) files.set(name, await readSmall(container, name));
  container.close();
  return files;
}

async function zipped(files: Files): Promise<Buffer> {
  const entries: ZipEntry[] = [...files].map(([name, bytes]) => ({ name, content: [bytes] }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeZip(entries, 1)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** Two bundles of one signer, of different sessions. */
async function twoBundles(dir: string): Promise<readonly [Files, Files]> {
  const signer = temporarySigner();
  const bundles: Files[] = [];
  for (const [n, text] of ["first secret", "second secret"].entries()) {
    const session = await recordSession(dir, n, [out(`${text}\r\n`), out("done\r\n")], {
      signer,
      flagged: "secret",
    });
    const path = join(dir, `${n}.zip`);
    writeFileSync(path, await bundleOf([session], signer));
    bundles.push(await filesOf(path));
  }
  return [bundles[0] as Files, bundles[1] as Files];
}

const withoutBase = (name: string): string => name.slice(name.indexOf("/") + 1);

/** Ways to tamper with one file of a bundle. */
const WAYS: Readonly<Record<string, (files: Map<string, Uint8Array>, name: string, other: Files) => string>> =
  {
    "one bit flipped": (files, name) => {
      const bytes = Uint8Array.from(files.get(name) as Uint8Array);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] as number) ^ 0x10;
      files.set(name, bytes);
      return name;
    },
    truncated: (files, name) => {
      files.set(name, (files.get(name) as Uint8Array).subarray(0, -1));
      return name;
    },
    removed: (files, name) => {
      files.delete(name);
      return name;
    },
    "added beside it": (files, name) => {
      files.set(`${name}.new`, Buffer.from("new"));
      return `${name}.new`;
    },
    renamed: (files, name) => {
      files.set(`${name}.old`, files.get(name) as Uint8Array);
      files.delete(name);
      return name;
    },
    "swapped with another session's": (files, name, other) => {
      const ending = withoutBase(name).replace(/[0-9a-f-]{36}/, "");
      const twin = [...other].find(([path]) => withoutBase(path).replace(/[0-9a-f-]{36}/, "") === ending);
      if (twin !== undefined) files.set(name, twin[1]);
      return name;
    },
  };

describe("a bundle with which somebody tampered", () => {
  it("is told as altered, with the file named, in a zip and in a directory", {
    timeout: 240_000,
  }, async () => {
    const dir = scratch();
    const [files, other] = await twoBundles(dir);
    let tried = 0;
    for (const [way, tamper] of Object.entries(WAYS)) {
      for (const name of files.keys()) {
        const changed = new Map(files);
        const touched = tamper(changed, name, other);
        const same =
          changed.size === files.size &&
          [...changed].every(([path, bytes]) => {
            const before = files.get(path);
            return before !== undefined && Buffer.from(before).equals(bytes);
          });
        if (same) continue; // Both bundles have the same file, such as bagit.txt.
        tried++;
        const zip = join(dir, "tampered.zip");
        writeFileSync(zip, await zipped(changed));
        const tree = join(dir, `tree-${tried}`);
        writeTree(tree, changed);
        for (const path of [zip, tree]) {
          const report = await verifyBundle(path);
          expect(report.outcome, `${way}: ${name}`).toBe("altered");
          const texts = report.problems.map(bundleProblemText).join("\n");
          expect(texts, `${way}: ${name}`).toContain(withoutBase(touched));
        }
      }
    }
    expect(tried).toBeGreaterThan(80);
  });

  it("is told as altered for every bit of its signature and its lists", { timeout: 240_000 }, async () => {
    const dir = scratch();
    const [files] = await twoBundles(dir);
    for (const ending of ["/tagmanifest-sha256.txt.sig", "/bagit.txt"]) {
      const [name, bytes] = [...files].find(([path]) => path.endsWith(ending)) as [string, Uint8Array];
      const tree = join(dir, `bits${ending.replaceAll("/", "-")}`);
      writeTree(tree, files);
      for (let bit = 0; bit < bytes.length * 8; bit += 3) {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        writeFileSync(join(tree, name), flipped);
        expect((await verifyBundle(tree)).outcome, `${ending}, bit ${bit}`).toBe("altered");
      }
    }
  });
});

describe("a bundle as it was made", () => {
  it("is intact as a zip and as a directory, and says what is proved", async () => {
    const dir = scratch();
    const signer = temporarySigner();
    const session = await recordSession(dir, 1, [out("hello\r\n")], { signer });
    const path = join(dir, "case.zip");
    writeFileSync(path, await bundleOf([session], signer));
    const tree = join(dir, "tree");
    writeTree(tree, await filesOf(path));
    for (const place of [path, tree]) {
      const report = await verifyBundle(place);
      expect(report.problems).toEqual([]);
      expect(report).toMatchObject({ outcome: "intact", kind: "bundle", signature: { right: true } });
      expect(report.recordings).toMatchObject([{ sameKey: true, report: { outcome: "intact" } }]);
    }
    const fingerprint = (await verifyBundle(path)).signature?.fingerprint as string;
    expect((await verifyBundle(path, { signer: fingerprint })).outcome).toBe("intact");
    expect((await verifyBundle(path, { signer: "SHA256:somebodyElse" })).outcome).toBe("altered");
  });

  it("with a recording whose recorder was killed is incomplete, and nothing in it is altered", async () => {
    const dir = scratch();
    const session = await recordSession(dir, 1, [out("hello\r\n")], { unfinished: true });
    const path = join(dir, "case.zip");
    writeFileSync(path, await bundleOf([session]));
    const report = await verifyBundle(path);
    expect(report.outcome).toBe("incomplete");
    expect(report.signature?.right).toBe(true);
  });

  it("is the same bytes each time", async () => {
    const dir = scratch();
    const signer = temporarySigner();
    const sessions = [
      await recordSession(dir, 1, [out("one\r\n")], { signer, flagged: "one" }),
      await recordSession(dir, 2, [out("two\r\n")], { signer }),
    ];
    expect((await bundleOf(sessions, signer)).equals(await bundleOf(sessions, signer))).toBe(true);
  });
});
