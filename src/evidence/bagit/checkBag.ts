import { createHash, type Hash } from "node:crypto";
import { messageOf } from "../../core/errors.js";
import type { BundleProblem } from "../bundleProblem.js";
import { type Container, staysInside } from "../container.js";
import { readSmall } from "../readSmall.js";
import { type Declaration, readDeclaration, tagText } from "./declaration.js";
import { findBag } from "./findBag.js";
import { ALGORITHMS, decodePath, type Listed, readManifest } from "./manifest.js";

export interface BagCheck {
  /** What the bag's paths begin with in its container. */
  readonly base: string;
  /** Undefined when there is no bag. */
  readonly declaration: Declaration | undefined;
  readonly problems: readonly BundleProblem[];
  /** Paths in the bag that a tag manifest covers. */
  readonly tagged: ReadonlySet<string>;
}

interface Expected {
  readonly manifest: string;
  readonly algorithm: string;
  readonly digest: string;
}

interface Manifest {
  readonly name: string;
  readonly algorithm: string;
  readonly listed: readonly Listed[];
}

/**
 * Checks a bag of BagIt 0.93 to 1.0 (RFC 8493): that it is complete and that every file has the checksums listed for
 * it. Reads each file once. `onBytes` is told how much was read.
 */
export async function checkBag(container: Container, onBytes: (count: number) => void): Promise<BagCheck> {
  const { base, problems: outside } = findBag(container);
  const problems: BundleProblem[] = [...outside];
  const paths = [...container.files.keys()]
    .filter((path) => path.startsWith(base))
    .map((path) => path.slice(base.length));
  const bag = new Map(paths.map((path) => [path, container.files.get(base + path) ?? 0]));
  const none = (what: "missing" | "malformed" | "version" | "encoding"): BagCheck => ({
    base,
    declaration: undefined,
    problems: [...problems, { kind: "declaration", file: "bagit.txt", what }],
    tagged: new Set(),
  });
  if (!bag.has("bagit.txt")) return none("missing");
  const small = async (path: string): Promise<Uint8Array> => {
    try {
      return await readSmall(container, base + path);
    } catch (error) {
      problems.push({ kind: "unreadable", file: path, why: messageOf(error) });
      return new Uint8Array(0);
    }
  };
  const declaration = readDeclaration(await small("bagit.txt"));
  if (typeof declaration === "string") return none(declaration);
  const text = async (path: string): Promise<string> => tagText(await small(path), declaration.encoding);

  const payload = await manifests("manifest", bag, declaration, text, problems);
  const tags = await manifests("tagmanifest", bag, declaration, text, problems);
  if (payload.length === 0) problems.push({ kind: "no-manifest", file: "manifest-sha256.txt" });
  checkListing(bag, payload, declaration, problems);
  if (bag.has("fetch.txt")) checkFetch(await text("fetch.txt"), declaration, bag, problems);
  await checkContent(container, base, bag, [...payload, ...tags], onBytes, problems);
  if (bag.has("bag-info.txt")) checkOxum(await text("bag-info.txt"), bag, problems);
  const tagged = new Set(tags.flatMap(({ listed }) => listed.map(({ path }) => path)));
  return { base, declaration, problems, tagged };
}

async function manifests(
  kind: "manifest" | "tagmanifest",
  bag: ReadonlyMap<string, number>,
  { version }: Declaration,
  text: (path: string) => Promise<string>,
  problems: BundleProblem[],
): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const name of [...bag.keys()].filter((path) => path.startsWith(`${kind}-`) && path.endsWith(".txt"))) {
    const algorithm =
      ALGORITHMS[
        name
          .slice(kind.length + 1, -4)
          .toLowerCase()
          .replace(/-/g, "")
      ];
    if (algorithm === undefined) {
      problems.push({ kind: "manifest-algorithm", file: name });
      continue;
    }
    const { listed, faults } = readManifest(await text(name), version);
    for (const fault of faults) {
      if (fault.kind === "line") problems.push({ kind: "manifest-line", file: name, line: fault.line });
      else if (fault.kind === "unsafe") problems.push({ kind: "unsafe-path", file: name, path: fault.path });
      else if (version >= 100 || !fault.agrees)
        problems.push({ kind: "listed-twice", file: fault.path, manifest: name });
    }
    for (const { path } of listed)
      if (kind === "manifest" && !path.startsWith("data/"))
        problems.push({ kind: "unsafe-path", file: name, path });
    found.push({ name, algorithm, listed });
  }
  return found;
}

/** Every payload file must be listed: from 1.0 on in every manifest, before in one. */
function checkListing(
  bag: ReadonlyMap<string, number>,
  payload: readonly Manifest[],
  { version }: Declaration,
  problems: BundleProblem[],
): void {
  const lists = payload.map(({ name, listed }) => ({
    name,
    paths: new Set(listed.map(({ path }) => path.normalize("NFC"))),
  }));
  for (const path of bag.keys()) {
    if (!path.startsWith("data/")) continue;
    const without = lists.filter(({ paths }) => !paths.has(path.normalize("NFC")));
    const [first] = without;
    if (first !== undefined && (version >= 100 || without.length === lists.length))
      problems.push({ kind: "not-listed", file: path, manifest: first.name });
  }
}

function checkFetch(
  text: string,
  { version }: Declaration,
  bag: ReadonlyMap<string, number>,
  problems: BundleProblem[],
): void {
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line === "") continue;
    const match = /^(\S+)[ \t]+(\d+|-)[ \t]+(.+)$/.exec(line);
    if (match === null) {
      problems.push({ kind: "manifest-line", file: "fetch.txt", line: i + 1 });
      continue;
    }
    const path = decodePath(match[3] as string, version);
    if (!staysInside(path) || !path.startsWith("data/"))
      problems.push({ kind: "unsafe-path", file: "fetch.txt", path });
    else if (!bag.has(path)) problems.push({ kind: "not-fetched", file: path });
  }
}

async function checkContent(
  container: Container,
  base: string,
  bag: ReadonlyMap<string, number>,
  all: readonly Manifest[],
  onBytes: (count: number) => void,
  problems: BundleProblem[],
): Promise<void> {
  const onDisk = new Map([...bag.keys()].map((path) => [path.normalize("NFC"), path]));
  const expected = new Map<string, Expected[]>();
  for (const { name, algorithm, listed } of all) {
    for (const { path, digest } of listed) {
      const real = bag.has(path) ? path : onDisk.get(path.normalize("NFC"));
      if (real === undefined) {
        const toFetch = problems.some(({ kind, file }) => kind === "not-fetched" && file === path);
        if (!toFetch) problems.push({ kind: "missing", file: path, manifest: name });
        continue;
      }
      expected.set(real, [...(expected.get(real) ?? []), { manifest: name, algorithm, digest }]);
    }
  }
  for (const [path, wanted] of expected) {
    const hashes = new Map<string, Hash>(wanted.map(({ algorithm }) => [algorithm, createHash(algorithm)]));
    try {
      for await (const piece of container.read(base + path)) {
        for (const hash of hashes.values()) hash.update(piece);
        onBytes(piece.length);
      }
    } catch (error) {
      problems.push({ kind: "unreadable", file: path, why: messageOf(error) });
      continue;
    }
    const digests = new Map([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest("hex")]));
    const wrong = wanted.find(({ algorithm, digest }) => digests.get(algorithm) !== digest);
    if (wrong !== undefined) problems.push({ kind: "changed", file: path, manifest: wrong.manifest });
  }
}

function checkOxum(info: string, bag: ReadonlyMap<string, number>, problems: BundleProblem[]): void {
  const match = /^Payload-Oxum[ \t]*:[ \t]*(\d+)\.(\d+)[ \t]*$/im.exec(info);
  if (match === null) return;
  const payload = [...bag].filter(([path]) => path.startsWith("data/"));
  const octets = payload.reduce((sum, [, size]) => sum + size, 0);
  if (Number(match[1]) !== octets || Number(match[2]) !== payload.length)
    problems.push({ kind: "oxum", file: "bag-info.txt" });
}
