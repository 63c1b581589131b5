import { createHash } from "node:crypto";
import { BACKGROUND, FOREGROUND } from "./palette.js";
import { escapeMarkup, type Run, type Still } from "./screenStill.js";

const BASE = `html{background:${BACKGROUND};color:${FOREGROUND};color-scheme:dark}
body{margin:1.5rem;font:14px/1.25 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
pre{margin:0;font:inherit}
p{color:#9aa0a6}
mark{background:none;color:inherit;outline:2px solid #ffb000}
`;

/**
 * A still as one page of HTML that loads nothing and runs nothing: its policy allows only its own style sheet, known by
 * its hash.
 */
export function writeHtml({ rows, caption }: Still): string {
  const classes = new Map<string, string>();
  const classOf = (run: Run): string => {
    const rules = rulesOf(run);
    if (rules === "") return "";
    const known = classes.get(rules) ?? `s${classes.size}`;
    classes.set(rules, known);
    return ` class="${known}"`;
  };
  const body = rows
    .map((runs) =>
      runs
        .map((run) => {
          const text = `<span${classOf(run)}>${escapeMarkup(run.text)}</span>`;
          return run.marked ? `<mark>${text}</mark>` : text;
        })
        .join(""),
    )
    .join("\n");
  const style = BASE + [...classes].map(([rules, name]) => `.${name}{${rules}}`).join("\n");
  const hash = createHash("sha256").update(style).digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<title>${escapeMarkup(caption)}</title>
<style>${style}</style>
</head>
<body>
<pre>${body}</pre>
<p>${escapeMarkup(caption)}</p>
</body>
</html>
`;
}

function rulesOf({ fg, bg, style }: Run): string {
  const lines = [
    style.underline === "none" ? "" : "underline",
    style.strike ? "line-through" : "",
    style.overline ? "overline" : "",
  ].filter((line) => line !== "");
  return [
    fg === FOREGROUND ? "" : `color:${fg}`,
    bg === undefined ? "" : `background:${bg}`,
    style.bold ? "font-weight:bold" : "",
    style.dim ? "opacity:.6" : "",
    style.italic ? "font-style:italic" : "",
    lines.length === 0 ? "" : `text-decoration:${lines.join(" ")}`,
  ]
    .filter((rule) => rule !== "")
    .join(";");
}
