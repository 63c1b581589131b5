import { homedir } from "node:os";
import { join } from "node:path";

const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");

/** Everything of the rehearsal on disk. Not in the directory for temporary files: Codex runs in no home there. */
export const PLACE = join(cache, "bodycam", "rehearsal");

/** In the environment of every process that a rehearsal starts, with the rehearsal's own value: how it finds them. */
export const MARK = "BODYCAM_REHEARSAL";
