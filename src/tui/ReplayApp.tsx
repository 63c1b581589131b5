import { useSyncExternalStore } from "react";
import type { ReplayController, Scene } from "./controller.js";
import { chromeRows } from "./frameRows.js";
import { helpRows } from "./helpRows.js";
import { paint } from "./palette.js";
import { Rows } from "./Rows.js";
import type { ColorDepth } from "./sgr.js";

/** The replay but for the recorded screen, which is drawn above it (see runReplay). */
export function ReplayApp({ controller, depth }: { controller: ReplayController; depth: ColorDepth }) {
  const scene = useSyncExternalStore(controller.subscribe, controller.scene);
  return <Rows rows={rowsOf(scene, controller.missing, depth)} />;
}

function rowsOf({ view, help }: Scene, missing: ReadonlySet<string>, depth: ColorDepth): readonly string[] {
  if (!help) return chromeRows(view, depth);
  return helpRows(view.cols, view.rows, missing).map((pieces) => paint(pieces, depth));
}
