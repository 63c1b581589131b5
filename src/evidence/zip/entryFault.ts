/** Why a zip, or a file in it, is refused. `file` is undefined when it is the zip as a whole. */
export interface EntryFault {
  readonly reason:
    | "unreadable"
    | "too-many"
    | "bomb"
    | "name"
    | "path"
    | "duplicate"
    | "link"
    | "special"
    | "encrypted"
    | "method"
    | "size"
    | "two-headers"
    | "overlap"
    | "hidden-bytes";
  readonly file: string | undefined;
  readonly why?: string;
}

/** A fault in one plain sentence. */
export function faultText({ reason, file, why }: EntryFault): string {
  const name = file ?? "";
  switch (reason) {
    case "unreadable":
      return `The zip file can't be read: ${why ?? "it is damaged"}.`;
    case "too-many":
      return "The zip file holds more files than any bundle has.";
    case "bomb":
      return `The zip file would unpack to ${why} bytes, far more than its size: it is refused as a zip bomb.`;
    case "name":
      return `A file in the zip has a name that can't be read for sure (${name}).`;
    case "path":
      return `${name} would lie outside of the bundle: a path that leads out is refused.`;
    case "duplicate":
      return `${name} is in the zip file more than once (upper and lower case count as the same).`;
    case "link":
      return `${name} is a link; a bundle has none.`;
    case "special":
      return `${name} is neither a file nor a directory.`;
    case "encrypted":
      return `${name} is encrypted inside the zip file; a bundle's files are not.`;
    case "method":
      return `${name} is compressed in a way that is not known here.`;
    case "size":
      return `${name} does not have the size that the zip file says.`;
    case "two-headers":
      return `${name} is described in two ways in the zip file: different programs would unpack different files.`;
    case "overlap":
      return `${name} overlaps another file in the zip.`;
    case "hidden-bytes":
      return file === undefined
        ? "The zip file has bytes that belong to no file in it."
        : `The zip file has bytes around ${name} that belong to no file in it.`;
  }
}
