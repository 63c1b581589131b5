// The throw-away home: where it is made, how it is recognised, how it is taken away again.
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const PREFIX = "bodycam-demo-";

/** Stands in every home that `prepare.mjs` makes, and nowhere else. */
export const MARKER = ".bodycam-demo-home";

export const makeHome = () => mkdtempSync(join(realpathSync(tmpdir()), PREFIX));

/** Whether a directory is a home that `prepare.mjs` made: by its place, its name and what stands in it. */
export const isThrowAway = (home) =>
  home !== undefined &&
  home !== "" &&
  existsSync(join(home, MARKER)) &&
  basename(home).startsWith(PREFIX) &&
  realpathSync(dirname(home)) === realpathSync(tmpdir());

export function removeHome(home) {
  if (isThrowAway(home)) rmSync(home, { recursive: true, force: true });
}
