import type { SessionEvent } from "../core/event.js";
import type { ScreenReader, ScreenText } from "../core/screenText.js";
import { ShownOutput } from "../core/shownOutput.js";
import { safeText } from "../terminal/safeText.js";
import { createScreenReader } from "../terminal/screenReader.js";

/**
 * A session as plain text: each line that a person saw on the screen, unwrapped, when it was complete, and each text
 * once however often it was drawn. Nothing in it can move a cursor or hide.
 */
export function* writePlainText(events: Iterable<SessionEvent>): Generator<string, void> {
  const output = new ShownOutput();
  let screen: ScreenReader | undefined;
  for (const event of events) {
    const shown = output.of(event);
    yield* lines(screen?.pass(event.at) ?? []);
    if (event.kind === "open") screen = createScreenReader(event.meta.size.cols, event.meta.size.rows);
    else if (event.kind === "resize") screen?.resize(event.size.cols, event.size.rows);
    else if (shown !== undefined) yield* lines(screen?.write(shown, event.at, event.seq) ?? []);
  }
  yield* lines(screen?.settle() ?? []);
}

const lines = (texts: readonly ScreenText[]): readonly string[] =>
  texts.map(({ text }) => `${safeText(text)}\n`);
