import { BodycamError } from "../core/errors.js";
import type { Flag } from "../core/flag.js";

const NUMBER = /^[1-9]\d{0,2}$/;

/**
 * The flag that a text names: its number in the order that `show` and `flags` print, or the beginning of its id.
 * Throws BodycamError `bad-usage`.
 */
export function findFlag(text: string, flags: readonly Flag[]): Flag {
  const asked = text.replace(/^#/, "").toLowerCase();
  const found = NUMBER.test(asked)
    ? flags.slice(Number(asked) - 1, Number(asked))
    : flags.filter(({ id }) => asked !== "" && id.startsWith(asked));
  const [flag, another] = found;
  if (flag !== undefined && another === undefined) return flag;
  const what = another === undefined ? "There is no" : "There are several";
  const range =
    flags.length === 0 ? "This session has none." : `This session has flags 1 to ${flags.length}.`;
  throw new BodycamError("bad-usage", `${what} flag "${text}".`, {
    hint: `${range} \`bodycam show\` numbers them.`,
  });
}
