import { createHash } from "node:crypto";
import { html, Markup } from "./html.js";

/** What a page is made of: everything is inside of it, and nothing else may be loaded. */
export interface PageParts {
  readonly title: string;
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** Data for the scripts: base64 or escaped JSON, never run. */
  readonly data: readonly { readonly id: string; readonly type: string; readonly content: Markup }[];
  readonly body: Markup;
}

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * A page in one file. Its policy (Content Security Policy 3) lets run and apply exactly the scripts and styles that are
 * named by their hashes, and lets nothing be loaded, sent or framed. `wasm-unsafe-eval` is for the player's terminal,
 * which is WebAssembly and is inside its script.
 */
export function page({ title, styles, scripts, data, body }: PageParts): string {
  for (const text of [...styles, ...scripts])
    if (/<\/(script|style)|<!--/i.test(text)) throw new Error("a script or style would end its own element");
  const policy = [
    "default-src 'none'",
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.map(hashOf).join(" ")} 'wasm-unsafe-eval'`]),
    `style-src ${styles.map(hashOf).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styles.map((style) => new Markup(`<style>${style}</style>\n`))}</head>
<body>
${body}
${data.map(({ id, type, content }) => html`<script type="${type}" id="${id}">${content}</script>\n`)}${scripts.map((script) => new Markup(`<script>${script}</script>\n`))}</body>
</html>
`.text;
}
