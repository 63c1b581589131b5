import type { ProcessNode } from "../sessionFacts.js";
import { html, type Markup } from "./html.js";
import { momentText } from "./timeText.js";

/** Deeper than this, programs are listed at the same depth: a page's nesting must stay bounded. */
const DEEPEST = 40;

/** The programs of a session as a tree, each under the one that started it. */
export function processTree(processes: readonly ProcessNode[]): Markup {
  const parents = new Map<number, ProcessNode>();
  const children = new Map<ProcessNode | undefined, ProcessNode[]>();
  for (const node of processes) {
    // A process that becomes another program stays where it is, under what it was before.
    const parent = parents.get(node.pid) ?? parents.get(node.ppid);
    children.set(parent, [...(children.get(parent) ?? []), node]);
    parents.set(node.pid, node);
  }
  const list = (nodes: readonly ProcessNode[], depth: number): Markup =>
    html`<ul class="tree">${nodes.map((node) => {
      const below = children.get(node) ?? [];
      const shown = depth < DEEPEST ? below : [];
      const deeper =
        depth < DEEPEST || below.length === 0 ? undefined : html` <span class="soft">… and deeper</span>`;
      return html`<li><span class="soft mono">${momentText(node.at)}</span> <code>${node.argv.join(" ") || node.image}</code> <span class="soft">${endText(node.exit)}</span>${deeper}${shown.length > 0 ? list(shown, depth + 1) : undefined}</li>`;
    })}</ul>`;
  return list(children.get(undefined) ?? [], 0);
}

function endText(exit: string | undefined): string {
  if (exit === undefined || exit === "0") return "";
  return /^\d+$/.test(exit) ? `ended with ${exit}` : `ended by ${exit}`;
}
