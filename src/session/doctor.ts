import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Catalogue } from "../catalogue/catalogue.js";
import { BodycamError, messageOf } from "../core/errors.js";
import type { Home } from "../core/home.js";
import { loadSigner } from "../recording/keys.js";
import { fingerprint } from "../recording/seal.js";

/** One thing that the camera needs, and how it stands with it. */
export interface Finding {
  readonly what:
    | "node"
    | "terminal"
    | "home"
    | "privacy"
    | "disk"
    | "key"
    | "catalogue"
    | "detectors"
    | "processes"
    | "files";
  readonly state: "good" | "warning" | "bad";
  readonly says: string;
  /** What to do about it, when something is to be done. */
  readonly hint?: string;
}

const LOW_DISK_BYTES = 1_000_000_000;
const GROUP_AND_OTHERS = 0o077;

/** Looks at everything the camera stands on. Changes nothing but what first use would make anyway. */
export function examine(
  home: Home,
  detectors: { readonly loaded: number; readonly refused: number },
): readonly Finding[] {
  return [
    node(),
    terminal(),
    place(home),
    privacy(home),
    disk(home),
    key(home),
    catalogue(home),
    rules(detectors),
  ].filter((finding) => finding !== undefined);
}

function node(): Finding {
  return { what: "node", state: "good", says: `Node ${process.version} on ${process.platform}` };
}

function terminal(): Finding {
  return existsSync("/dev/ptmx")
    ? { what: "terminal", state: "good", says: "terminals can be made" }
    : {
        what: "terminal",
        state: "bad",
        says: "/dev/ptmx is missing: no terminal can be made",
        hint: "In a container, mount devpts.",
      };
}

function place(home: Home): Finding {
  const nearest = nearestExisting(home.dir);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return { what: "home", state: "good", says: `recordings are kept in ${home.dir}` };
  } catch {
    return {
      what: "home",
      state: "bad",
      says: `${nearest} can't be written, so nothing can be recorded in ${home.dir}`,
      hint: "Set BODYCAM_HOME to a directory of yours.",
    };
  }
}

function privacy(home: Home): Finding | undefined {
  const open = [home.dir, home.sessions, home.keys].filter((dir) => {
    const stat = statSync(dir, { throwIfNoEntry: false });
    return stat !== undefined && (stat.mode & GROUP_AND_OTHERS) !== 0;
  });
  if (open.length === 0) return undefined;
  return {
    what: "privacy",
    state: "warning",
    says: `other users of this machine can look into ${open.join(", ")}`,
    hint: `chmod 700 ${open.join(" ")}`,
  };
}

function disk(home: Home): Finding {
  const { bavail, bsize } = statfsSync(nearestExisting(home.dir));
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB free`;
  return free < LOW_DISK_BYTES
    ? { what: "disk", state: "warning", says, hint: "A long session may need more: free some space." }
    : { what: "disk", state: "good", says };
}

function key(home: Home): Finding {
  try {
    return {
      what: "key",
      state: "good",
      says: `recordings are sealed with the key ${fingerprint(loadSigner(home.dir).publicKey)}`,
    };
  } catch (error) {
    return { what: "key", state: "bad", says: messageOf(error), ...hintOf(error) };
  }
}

function catalogue(home: Home): Finding {
  try {
    const opened = new Catalogue(home.catalogue);
    const sessions = opened.sessions();
    opened.close();
    const torn = sessions.filter((session) => session.state === "torn").length;
    const note = torn === 0 ? "" : `; of ${torn} the recorder was killed`;
    return { what: "catalogue", state: "good", says: `${sessions.length} sessions${note}` };
  } catch (error) {
    return { what: "catalogue", state: "bad", says: messageOf(error), ...hintOf(error) };
  }
}

function rules({ loaded, refused }: { readonly loaded: number; readonly refused: number }): Finding {
  if (refused > 0 || loaded === 0) {
    return {
      what: "detectors",
      state: "bad",
      says: `${loaded} detectors load, ${refused} do not`,
      hint: "Install bodycam again.",
    };
  }
  return { what: "detectors", state: "good", says: `${loaded} detectors` };
}

const hintOf = (error: unknown): { readonly hint?: string } =>
  error instanceof BodycamError && error.hint !== undefined ? { hint: error.hint } : {};

function nearestExisting(dir: string): string {
  return existsSync(dir) || dir === dirname(dir) ? dir : nearestExisting(dirname(dir));
}
