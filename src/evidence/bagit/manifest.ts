import { staysInside } from "../container.js";

/** One line of a manifest: what a file's checksum should be. */
export interface Listed {
  readonly path: string;
  readonly digest: string;
}

export type ManifestFault =
  | { readonly kind: "line"; readonly line: number }
  | { readonly kind: "unsafe"; readonly path: string }
  /** `agrees`: with the same checksum each time, which BagIt before 1.0 lets pass. */
  | { readonly kind: "twice"; readonly path: string; readonly agrees: boolean };

/** Digests by Node's names, from the algorithm in a manifest's file name. */
export const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: "md5",
  sha1: "sha1",
  sha224: "sha224",
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
};

/**
 * Reads a manifest. Lenient where real bags are: the `*` of md5sum, a leading `./`, one blank instead of two.
 * `version` as in a declaration: from 1.0 on, CR, LF and % in paths are percent-encoded.
 */
export function readManifest(
  text: string,
  version: number,
): { readonly listed: readonly Listed[]; readonly faults: readonly ManifestFault[] } {
  const faults: ManifestFault[] = [];
  const digests = new Map<string, string>();
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line === "") continue;
    const match = /^([0-9a-f]{8,})[ \t]+\*?(.+)$/i.exec(line);
    if (match === null) {
      faults.push({ kind: "line", line: i + 1 });
      continue;
    }
    const digest = (match[1] as string).toLowerCase();
    const path = decodePath(match[2] as string, version);
    if (!staysInside(path)) faults.push({ kind: "unsafe", path });
    else if (digests.has(path)) faults.push({ kind: "twice", path, agrees: digests.get(path) === digest });
    else digests.set(path, digest);
  }
  return { listed: [...digests].map(([path, digest]) => ({ path, digest })), faults };
}

/** The path as it is on disk. */
export function decodePath(written: string, version: number): string {
  const path = written.replace(/^(\.\/)+/, "");
  const decoded = path.replace(/%0D/gi, "\r").replace(/%0A/gi, "\n");
  return version >= 100 ? decoded.replace(/%25/g, "%") : decoded;
}

/** A manifest as `sha256sum` writes and checks it. Our own paths need no escapes. */
export const writeManifest = (listed: readonly Listed[]): string =>
  listed.map(({ path, digest }) => `${digest}  ${path}\n`).join("");
