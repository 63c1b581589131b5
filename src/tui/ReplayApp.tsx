import { useInput } from "ink";
import { useRef, useSyncExternalStore } from "react";
import type { ReplayController, Scene } from "./controller.js";
import { chromeRows } from "./frameRows.js";
import { helpRows } from "./helpRows.js";
import { keyNames, restOfEscape } from "./keys.js";
import { paint } from "./palette.js";
import { Rows } from "./Rows.js";
import type { ColorDepth } from "./sgr.js";

/** On a slow line the bytes of an arrow key may come apart: ESC alone counts as a key when nothing follows. */
const ESCAPE_WAIT = 50;

/** The replay but for the recorded screen, which is drawn above it (see runReplay). */
export function ReplayApp({ controller, depth }: { controller: ReplayController; depth: ColorDepth }) {
  const scene = useSyncExternalStore(controller.subscribe, controller.scene);
  const waiting = useRef<NodeJS.Timeout>(undefined);
  useInput((input, key) => {
    const late = waiting.current === undefined ? undefined : restOfEscape(input);
    clearTimeout(waiting.current);
    waiting.current = undefined;
    for (const name of late ?? keyNames(input, key))
      if (name === "escape") waiting.current = setTimeout(() => controller.key(name), ESCAPE_WAIT);
      else controller.key(name);
  });
  return <Rows rows={rowsOf(scene, depth)} />;
}

function rowsOf({ view, help }: Scene, depth: ColorDepth): readonly string[] {
  if (!help) return chromeRows(view, depth);
  return helpRows(view.cols, view.rows).map((pieces) => paint(pieces, depth));
}
