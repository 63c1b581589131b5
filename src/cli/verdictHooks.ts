import { hostname } from "node:os";
import { BodycamError } from "../core/errors.js";
import { standingOf } from "../core/review.js";
import type { SessionId } from "../core/units.js";
import type { Library } from "../session/library.js";
import type { ReplayHooks } from "../tui/overlay.js";
import { reviewWords, VerdictForm } from "../tui/verdict.js";
import { userName } from "./userName.js";

/** Lets the reviewer give verdicts in the replay of a session. They are written down at once. */
export function verdictHooks(library: Library, session: SessionId): Required<ReplayHooks> {
  let standing = standingOf(library.reviews(session).reviews);
  return {
    verdict: ({ flag }) => {
      const before = flag === undefined ? standing.session : standing.flags.get(flag.id);
      return new VerdictForm(flag, before?.verdict, ({ flag: about, verdict, note }) => {
        try {
          library.review({
            session,
            flag: about?.id,
            verdict,
            note,
            by: userName(),
            host: hostname(),
            at: Date.now() * 1000,
          });
        } catch (error) {
          if (error instanceof BodycamError) return error.message;
          throw error;
        }
        standing = standingOf(library.reviews(session).reviews);
        return undefined;
      });
    },
    verdictText: (flag) => {
      const said = standing.flags.get(flag.id);
      return said === undefined ? undefined : reviewWords(said);
    },
  };
}
