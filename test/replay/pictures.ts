import type { SessionEvent } from "../../src/core/event.js";
import { Screen } from "../../src/terminal/screen.js";

/** A screen as data: its size, its cursor, every cell. */
export const picture = (screen: Screen): unknown => ({
  size: [screen.cols, screen.rows],
  cursor: screen.cursor,
  cells: Array.from({ length: screen.rows }, (_, row) =>
    Array.from({ length: screen.cols }, (_, column) => screen.cell(row, column)),
  ),
});

/** What the emulator shows after each event when it is given one after the other, as JSON. */
export function straight(events: readonly SessionEvent[]): readonly string[] {
  let screen = new Screen(80, 24);
  return events.map((event) => {
    if (event.kind === "open") screen = new Screen(event.meta.size.cols, event.meta.size.rows);
    if (event.kind === "output") screen.write(event.data);
    if (event.kind === "resize") screen.resize(event.size.cols, event.size.rows);
    return JSON.stringify(picture(screen));
  });
}
