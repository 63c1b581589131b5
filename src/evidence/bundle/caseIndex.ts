import { agentName } from "../../core/sessionSummary.js";
import { html } from "../report/html.js";
import { page } from "../report/page.js";
import { STYLE } from "../report/style.js";
import { momentText, utcText } from "../report/timeText.js";
import type { SessionEvidence } from "./sessionEvidence.js";

/** The page that leads to the reports of a case's sessions. */
export const caseIndex = (sessions: readonly SessionEvidence[]): string =>
  page({
    title: `bodycam: a case of ${sessions.length} sessions`,
    styles: [STYLE],
    scripts: [],
    data: [],
    body: html`<main><p class="soft">bodycam report</p><h1>A case of ${sessions.length} sessions</h1>
<table><thead><tr><th>Session</th><th>Started</th><th>Length</th><th>Agent</th><th>Flags</th></tr></thead><tbody>${sessions.map(
      ({ summary, flags }) =>
        html`<tr><td><a href="${summary.id}/report.html"><code>${summary.id}</code></a></td><td>${utcText(summary.startedAt)}</td><td>${momentText(summary.durationUs)}</td><td>${agentName(summary.meta)}</td><td>${flags.length}</td></tr>\n`,
    )}</tbody></table></main>`,
  });
