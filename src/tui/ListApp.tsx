import { useSyncExternalStore } from "react";
import type { ListController } from "./listController.js";
import { listRows } from "./listView.js";
import { paint } from "./palette.js";
import { Rows } from "./Rows.js";
import type { ColorDepth } from "./sgr.js";

/** The list of sessions. */
export function ListApp({ controller, depth }: { controller: ListController; depth: ColorDepth }) {
  const state = useSyncExternalStore(controller.subscribe, controller.state);
  return <Rows rows={listRows(state).map((pieces) => paint(pieces, depth))} />;
}
