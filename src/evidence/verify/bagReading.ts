import { messageOf } from "../../core/errors.js";
import type { BundleProblem } from "../bundleProblem.js";
import type { Container } from "../container.js";
import { readSmall } from "../readSmall.js";

/** A bag that is being checked: where it is, and the problems so far, which checks add to. */
export interface BagReading {
  readonly container: Container;
  readonly base: string;
  readonly problems: BundleProblem[];
}

/** A small file of the bag; undefined, and told, when it can't be read. */
export async function smallFile(bag: BagReading, file: string): Promise<Uint8Array | undefined> {
  try {
    return await readSmall(bag.container, bag.base + file);
  } catch (error) {
    const told = bag.problems.some((problem) => problem.kind === "unreadable" && problem.file === file);
    if (!told) bag.problems.push({ kind: "unreadable", file, why: messageOf(error) });
    return undefined;
  }
}
