import { existsSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { Catalogue } from "../catalogue/catalogue.js";
import { BodycamError } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import { type Home, recordingPath } from "../core/home.js";
import type { Review, ReviewDraft } from "../core/review.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { isSessionId, type SessionId } from "../core/units.js";
import type { ReviewLog } from "../review/readLog.js";
import { indexRecording } from "./indexRecording.js";
import { readText } from "./readText.js";
import { addReview, reviewsOf } from "./reviews.js";
import { type Hit, hitsIn, type Wanted } from "./search.js";

/** A session that could not be read, and why. */
export interface Unreadable {
  readonly id: SessionId;
  readonly error: unknown;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * The sessions of a home, as its commands see them: the catalogue, brought up to date with the recordings that are
 * really there.
 */
export class Library {
  readonly home: Home;
  readonly catalogue: Catalogue;
  readonly detectors: readonly string[];

  /** Throws BodycamError `catalogue` or `home-not-writable`. */
  constructor(home: Home, detectors: readonly string[]) {
    this.home = home;
    this.detectors = detectors;
    this.catalogue = new Catalogue(home.catalogue);
  }

  /**
   * Takes in what the catalogue does not know yet: recordings without an entry, and sessions whose recorder was killed.
   * Returns those that could not be read.
   */
  async refresh(onProgress: (progress: Progress) => void = () => {}): Promise<readonly Unreadable[]> {
    const known = new Map(this.catalogue.sessions().map((session) => [session.id, session]));
    const stale = sessionIds(this.home).filter((id) => {
      const session = known.get(id);
      return session === undefined || (session.state === "recording" && !isAlive(session));
    });
    return this.#index(stale, onProgress);
  }

  /** Makes every entry anew from its recording. */
  async rebuild(onProgress: (progress: Progress) => void): Promise<readonly Unreadable[]> {
    const ids = sessionIds(this.home);
    for (const session of this.catalogue.sessions()) {
      if (!ids.includes(session.id)) this.catalogue.removeSession(session.id);
    }
    return this.#index(ids, onProgress);
  }

  /** Makes one entry anew from its recording. Throws what reading it throws. */
  async reindex(id: SessionId): Promise<void> {
    const { summary, flags } = await indexRecording(recordingPath(this.home, id), this.detectors, isAlive);
    this.catalogue.replaceSession(summary, flags);
  }

  /**
   * Reads what sessions said where that has not been done yet, so that it can be searched. Sessions that are still
   * running are read as far as they are, and again the next time. Returns those that could not be read.
   */
  async readTexts(onProgress: (progress: Progress) => void): Promise<readonly Unreadable[]> {
    const unread = this.catalogue
      .sessions()
      .map(({ id }) => id)
      .filter((id) => this.catalogue.lines.state(id)?.unfinished ?? true);
    return forEach(unread, onProgress, (id) => this.readText(id));
  }

  /** Reads what one session said. Throws what reading its recording throws. */
  async readText(id: SessionId): Promise<void> {
    const session = this.catalogue.session(id);
    const running = session?.state === "recording" && isAlive(session);
    await readText(recordingPath(this.home, id), id, running, this.catalogue);
  }

  /** What was looked for, in the sessions whose text has been read: the newest first, each in its order. */
  *search(wanted: Wanted): Generator<Hit, void> {
    for (const session of this.catalogue.sessions())
      yield* hitsIn(session, this.catalogue.lines.candidates(session.id, wanted.required), wanted);
  }

  #index(
    ids: readonly SessionId[],
    onProgress: (progress: Progress) => void,
  ): Promise<readonly Unreadable[]> {
    return forEach(ids, onProgress, (id) => this.reindex(id));
  }

  /**
   * The session that `text` names: its id, the beginning of it, or the latest one when `text` is left out.
   * Throws BodycamError `no-session`.
   */
  find(text: string | undefined): SessionSummary {
    if (text === undefined) {
      const [latest] = this.catalogue.sessions();
      if (latest !== undefined) return latest;
      throw new BodycamError("no-session", "Nothing has been recorded yet.", {
        hint: "Begin with: bodycam run -- codex",
      });
    }
    const prefix = text.toLowerCase();
    const ids = /^[0-9a-f-]+$/.test(prefix) ? this.catalogue.idsWithPrefix(prefix) : [];
    const [id] = ids;
    if (ids.length > 1) {
      throw new BodycamError("no-session", `Several sessions begin with "${text}".`, {
        hint: "Give more of the id.",
      });
    }
    const session = id === undefined ? undefined : this.catalogue.session(id);
    if (session !== undefined) return session;
    throw new BodycamError("no-session", `There is no session "${text}".`, {
      hint: "`bodycam list` shows the ones there are.",
    });
  }

  flags(session: SessionSummary): readonly Flag[] {
    return this.catalogue.flags(session.id);
  }

  /** What reviewers said of a session, oldest first, and what is wrong with the log of it. */
  reviews(id: SessionId): ReviewLog {
    return reviewsOf(this.home, this.catalogue, id);
  }

  /** Writes down what a reviewer says. Throws BodycamError `io`. */
  review(draft: ReviewDraft): Review {
    return addReview(this.home, this.catalogue, draft);
  }

  close(): void {
    this.catalogue.close();
  }
}

/** Does something with each session, told as progress; gives those with which it failed. */
async function forEach(
  ids: readonly SessionId[],
  onProgress: (progress: Progress) => void,
  act: (id: SessionId) => Promise<void>,
): Promise<readonly Unreadable[]> {
  const unreadable: Unreadable[] = [];
  for (const [done, id] of ids.entries()) {
    onProgress({ done, total: ids.length });
    try {
      await act(id);
    } catch (error) {
      unreadable.push({ id, error });
    }
  }
  if (ids.length > 0) onProgress({ done: ids.length, total: ids.length });
  return unreadable;
}

/** The sessions that have a recording. */
function sessionIds(home: Home): readonly SessionId[] {
  if (!existsSync(home.sessions)) return [];
  return readdirSync(home.sessions)
    .filter(isSessionId)
    .filter((id) => existsSync(recordingPath(home, id)));
}

/** Whether the recorder of an unfinished session is still there. On another machine's recordings it can't be. */
export function isAlive(session: Pick<SessionSummary, "meta">): boolean {
  if (session.meta.host !== hostname()) return false;
  try {
    process.kill(session.meta.recorder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
