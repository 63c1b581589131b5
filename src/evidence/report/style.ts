/** How a report looks, on a screen and on paper. Self-contained: fonts are the reader's own. */
export const STYLE = `
:root{--ink:#1b1d21;--soft:#5d636b;--line:#d9dce0;--paper:#fff;--tint:#f5f6f8;--critical:#a4001d;--high:#c2410c;--medium:#a16207;--low:#2563a8;--informational:#5d636b}
@media (prefers-color-scheme:dark){:root{--ink:#e7e9ec;--soft:#a0a7b0;--line:#3a3f46;--paper:#16181b;--tint:#1f2226;--critical:#ff6b81;--high:#fb923c;--medium:#eab308;--low:#7db4f0;--informational:#a0a7b0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1100px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:1.7rem;line-height:1.25;margin:.2em 0 .4em}
h2{font-size:1.2rem;margin:2.2em 0 .6em;border-bottom:1px solid var(--line);padding-bottom:.25em}
h3{font-size:1rem;margin:1.6em 0 .4em}
p{margin:.5em 0}
.lead{font-size:1.05rem}
.soft{color:var(--soft)}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88rem}
code,.mono{overflow-wrap:anywhere}
dl.about{display:grid;grid-template-columns:9.5em 1fr;gap:.25em 1em;margin:0}
dl.about dt{color:var(--soft)}
dl.about dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4em .7em .4em 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;font-size:.85rem}
td{overflow-wrap:anywhere}
td.when{white-space:nowrap}
button.jump{font:inherit;font-variant-numeric:tabular-nums;color:inherit;background:var(--tint);border:1px solid var(--line);border-radius:6px;padding:.1em .55em;cursor:pointer}
button.jump:hover,button.jump.now{border-color:currentColor}
.level{font-weight:700;white-space:nowrap}a{color:inherit}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.informational{color:var(--informational)}
.bad{color:var(--critical);font-weight:600}
.good{color:#15803d;font-weight:600}
@media (prefers-color-scheme:dark){.good{color:#6cc788}}
.box{background:var(--tint);border:1px solid var(--line);border-radius:8px;padding:.7em 1em}
pre.still{background:#121314;color:#d4d6d8;border-radius:8px;padding:12px 14px;overflow:auto;line-height:1.25;font-size:12px;margin:.5em 0;-webkit-print-color-adjust:exact;print-color-adjust:exact}
pre.still .hit{outline:2px solid #f0c674;background:#5a4300;color:#fff}
.inv{background:#d4d6d8;color:#121314}.bo{font-weight:700}.di{opacity:.65}.it{font-style:italic}.un{text-decoration:underline}.st{text-decoration:line-through}.hi{visibility:hidden}
ul.evidence{margin:.3em 0;padding-left:1.2em}
ul.tree,ul.tree ul{list-style:none;margin:0;padding-left:1.1em;border-left:1px solid var(--line)}
ul.tree{padding-left:0;border:0}
ul.tree li{margin:.1em 0}
#player{min-height:120px}
footer{margin-top:3em;border-top:1px solid var(--line);padding-top:1em;font-size:.9rem;color:var(--soft)}
@media print{
body{font-size:11pt}main{max-width:none;padding:0}
#player,.screen-only,button.jump.only{display:none}
button.jump{border:0;background:none;padding:0}
pre.still{white-space:pre;overflow:hidden;font-size:7.5pt;break-inside:avoid}
.flag,tr{break-inside:avoid}h2,h3{break-after:avoid}
}
`;
