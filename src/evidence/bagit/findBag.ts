import type { BundleProblem } from "../bundleProblem.js";
import type { Container } from "../container.js";

/** Where in a container the bag is: what its paths begin with, "" or a directory and a slash. */
export interface BagPlace {
  readonly base: string;
  readonly problems: readonly BundleProblem[];
}

/**
 * A bag lies at the top, or in the only directory there is (as RFC 8493, 4 asks of a serialized one). What lies beside
 * it is told.
 */
export function findBag(container: Container): BagPlace {
  const paths = [...container.files.keys()];
  if (container.files.has("bagit.txt")) return { base: "", problems: [] };
  const bases = paths.filter((path) => /^[^/]+\/bagit\.txt$/.test(path)).map((path) => path.slice(0, -9));
  const tops = new Set(paths.map((path) => (path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : "")));
  const [only] = tops;
  const base = bases[0] ?? (tops.size === 1 && only !== undefined && only !== "data/" ? only : "");
  return {
    base,
    problems: paths.filter((path) => !path.startsWith(base)).map((file) => ({ kind: "outside-bag", file })),
  };
}
