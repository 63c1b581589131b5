import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { SessionId } from "./units.js";

/** Where bodycam keeps everything. Directories are 0700 and files 0600. */
export interface Home {
  readonly dir: string;
  readonly sessions: string;
  readonly catalogue: string;
  readonly keys: string;
  /** Detectors of the person's own, and what they allow. Need not be there. */
  readonly detectors: string;
}

/**
 * The home that the environment asks for: `BODYCAM_HOME`, else the platform's place for application data
 * (XDG Base Directory Specification on Linux, Application Support on macOS).
 */
export function homeOf(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): Home {
  const dir = resolve(env.BODYCAM_HOME || join(dataDirectory(env, platform), "bodycam"));
  return {
    dir,
    sessions: join(dir, "sessions"),
    catalogue: join(dir, "catalogue.db"),
    keys: join(dir, "keys"),
    detectors: join(dir, "detectors"),
  };
}

function dataDirectory(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const user = env.HOME || homedir();
  if (platform === "darwin") return join(user, "Library", "Application Support");
  const xdg = env.XDG_DATA_HOME;
  // The specification: a relative path is invalid and to be ignored.
  return xdg?.startsWith("/") ? xdg : join(user, ".local", "share");
}

/** Where the recording of one session is. */
export const recordingPath = (home: Home, id: SessionId): string =>
  join(home.sessions, id, "recording.bodycam");

/** Where what reviewers found in one session is kept: beside its recording, which never changes. */
export const reviewsPath = (home: Home, id: SessionId): string => join(home.sessions, id, "reviews.jsonl");

/** Where screens of a session are kept, so that a replay of it is quick. May be deleted at any time. */
export const screenCachePath = (home: Home, id: SessionId): string =>
  join(home.dir, "cache", `${id}.screens`);
