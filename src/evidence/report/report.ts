import type { Exit } from "../../core/event.js";
import type { Confidence, Flag } from "../../core/flag.js";
import type { Standing } from "../../core/review.js";
import { agentName, type SessionSummary } from "../../core/sessionSummary.js";
import { shortId } from "../../core/units.js";
import type { VerifyReport } from "../../recording/verify.js";
import type { SessionFacts } from "../sessionFacts.js";
import { html, Markup, scriptJson } from "./html.js";
import { page } from "./page.js";
import { PLAYER_NOTICE, playerAsset } from "./playerAsset.js";
import { processTree } from "./processTree.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";
import { momentText, utcText } from "./timeText.js";

/** What a report is made of. */
export interface ReportInput {
  readonly summary: SessionSummary;
  readonly integrity: VerifyReport;
  /** The fingerprint of the key that sealed the recording, as ssh-keygen prints it. */
  readonly sealer: string;
  readonly flags: readonly Flag[];
  readonly standing: Standing;
  readonly facts: SessionFacts;
  /** The asciicast, compressed (raw deflate) and in base64; undefined when it is too large to be in a page. */
  readonly cast: string | undefined;
  /** What was taken out of what is shown, in words; empty when nothing was. */
  readonly redacted: readonly string[];
}

/** A session as one page that needs nothing else: no network, no server, no bodycam. */
export function report(input: ReportInput): string {
  const { summary, flags, facts, cast } = input;
  const player = cast === undefined ? undefined : playerAsset();
  const moments = flags.map((flag) => ({ at: flag.at / 1e6, label: flag.rule.title.slice(0, 80) }));
  return page({
    title: `bodycam: ${agentName(summary.meta)}, session ${shortId(summary.id)}`,
    styles: [...(player === undefined ? [] : [player.style]), STYLE + facts.colors.css],
    scripts: player === undefined ? [] : [player.script, SCRIPT],
    data: [
      { id: "flags-data", type: "application/json", content: scriptJson(moments) },
      ...(cast === undefined
        ? []
        : [{ id: "cast-data", type: "application/octet-stream", content: new Markup(cast) }]),
    ],
    body: html`<main>
<p class="soft">bodycam report</p>
<h1>${agentName(summary.meta)}: ${headline(flags)}</h1>
${about(input)}
${flagTable(input)}
${playerBox(cast !== undefined)}
${flags.length === 0 ? undefined : html`<h2>The flagged moments</h2>${flags.map((flag, i) => flagSection(flag, i, input))}`}
${coverage(input)}
${beyond(facts)}
<footer><p>How to check that nothing was changed: VERIFY.txt, at the top of the bundle that this page came in. The page
is a view of the recording beside it (recording.bodycam), which is the evidence.</p>
${player === undefined ? undefined : html`<p>The player is ${PLAYER_NOTICE}.</p>`}</footer>
</main>`,
  });
}

const headline = (flags: readonly Flag[]): string =>
  flags.length === 0
    ? "nothing was flagged"
    : `${flags.length === 1 ? "one moment was" : `${flags.length} moments were`} flagged`;

function about({ summary, integrity, sealer, standing, redacted }: ReportInput): Markup {
  const { meta } = summary;
  const imported = meta.imported;
  const rows: readonly (readonly [string, string | Markup])[] = [
    ["Session", html`<code>${summary.id}</code>`],
    ["Command", html`<code>${meta.command.join(" ")}</code>`],
    ["In directory", html`<code>${meta.cwd}</code>`],
    ["Who", `${meta.user || "unknown"} on ${meta.host || "an unknown machine"} (${meta.platform})`],
    ["Started", utcText(summary.startedAt)],
    ["Ended", endText(summary)],
    ["Length", momentText(summary.durationUs)],
    ["Terminal", `${meta.term}, ${meta.size.cols} × ${meta.size.rows}`],
    ["Recorded", recordedText(summary)],
    [
      "Recorder",
      imported === undefined ? `bodycam ${meta.recorder.version}` : `imported from ${imported.format}`,
    ],
    ["Integrity", integrityText(integrity)],
    ["Sealed by", html`the key <code>${sealer}</code>`],
    ["Verdict", verdictText(standing.session)],
  ];
  return html`<dl class="about">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
${imported === undefined ? undefined : html`<p class="box">This session was not recorded by bodycam: it was made from ${imported.files.map(({ name }) => name).join(", ")} on ${utcText(imported.at)}. The seal shows that it was not changed since then, and nothing about the time before.</p>`}
${redacted.length === 0 ? undefined : html`<div class="box"><p>Some things were taken out of what is shown here:</p><ul>${redacted.map((what) => html`<li>${what}</li>`)}</ul></div>`}`;
}

function endText({ state, exit, startedAt, durationUs }: SessionSummary): string {
  if (state === "torn")
    return `not recorded: the recorder was stopped at ${utcText(startedAt + durationUs)}, at the earliest`;
  if (state === "recording") return "still running when this was made";
  return `${utcText(startedAt + durationUs)}, ${exitText(exit)}`;
}

function exitText(exit: Exit | undefined): string {
  if (exit === undefined || exit.by === "unknown") return "in a way that is not known";
  return exit.by === "signal" ? `by ${exit.signal}` : `with status ${exit.code}`;
}

function recordedText({ outputBytes, inputBytes, maskedBytes }: SessionSummary): string {
  const masked = maskedBytes === 0 ? "" : `; ${maskedBytes} bytes typed at password prompts are not in it`;
  return `${outputBytes} bytes of output, ${inputBytes} bytes of input${masked}`;
}

function integrityText({ outcome, sealedUntil, problems, head }: VerifyReport): Markup {
  switch (outcome) {
    case "intact":
      return html`<span class="good">intact</span>: whole and unchanged since it was sealed. Chain head <code>${Buffer.from(head).toString("hex")}</code>`;
    case "incomplete":
      return html`<span class="bad">incomplete</span>: it has no end. What is there was not changed; it is sealed up to ${momentText(sealedUntil)}.`;
    case "altered":
      return html`<span class="bad">altered</span>: ${problems.length} things in it are not as they were recorded (bodycam verify lists them).`;
  }
}

function verdictText(review: Standing["session"]): string {
  if (review === undefined) return "none yet";
  const note = review.note === "" ? "" : `: ${review.note}`;
  return `${VERDICT[review.verdict]} (${review.by}, ${utcText(review.at)})${note}`;
}

const VERDICT = { true: "it happened and matters", benign: "harmless", unsure: "it can't be said" } as const;

function flagTable({ flags, standing }: ReportInput): Markup | undefined {
  if (flags.length === 0) return undefined;
  return html`<h2>Flags</h2><table><thead><tr><th>When</th><th>Level</th><th>What happened</th><th>How it is known</th><th>Verdict</th></tr></thead><tbody>${flags.map(
    (flag, i) =>
      html`<tr><td class="when"><button type="button" class="jump" data-flag="${i}" title="Show this moment">${momentText(flag.at)}</button></td><td class="level ${flag.rule.level}">${flag.rule.level}</td><td><a href="#flag-${i + 1}">${flag.rule.sentence}</a></td><td>${CONFIDENCE[flag.confidence]}</td><td>${verdictText(standing.flags.get(flag.id))}</td></tr>\n`,
  )}</tbody></table>`;
}

const CONFIDENCE: Readonly<Record<Confidence, string>> = {
  confirmed: "confirmed: the system saw it happen",
  requested: "requested: it was typed or asked for",
  seen: "seen: it stood on the screen",
};

const playerBox = (there: boolean): Markup =>
  there
    ? html`<h2 class="screen-only">The session</h2><div id="player" class="screen-only"></div><p id="player-note" class="soft screen-only">The player is starting …</p>`
    : html`<h2>The session</h2><p class="box">This session is too long to be played in a page. Play session.cast, which lies beside it: <code>asciinema play session.cast</code></p>`;

function flagSection(flag: Flag, i: number, { summary, facts }: ReportInput): Markup {
  const screen = facts.stills.get(flag.id);
  const techniques = flag.rule.tags.filter((tag) => tag.startsWith("attack.")).join(", ");
  return html`<section class="flag" id="flag-${i + 1}"><h3><span class="level ${flag.rule.level}">${flag.rule.level}</span> ${flag.rule.title}</h3>
<p><button type="button" class="jump only" data-flag="${i}">Show</button> <span class="mono">${momentText(flag.at)}</span> <span class="soft">(${utcText(summary.startedAt + flag.at)})</span> ${flag.rule.sentence}</p>
<ul class="evidence">${flag.evidence.slice(0, 10).map(({ source, at, summary: text }) => html`<li><span class="soft">${source}, ${momentText(at)}:</span> <code>${text}</code></li>`)}</ul>
${techniques === "" ? undefined : html`<p class="soft">${techniques}</p>`}
${screen}</section>\n`;
}

function coverage({ summary, facts }: ReportInput): Markup {
  const seen = facts.coverage.map(
    ({ at, fact }) =>
      html`<li><span class="mono soft">${momentText(at)}</span> ${fact.source}: ${fact.state}. ${fact.detail}</li>`,
  );
  const gaps = facts.gaps.map(
    (gap) =>
      html`<li class="bad">From ${momentText(gap.from)} to ${momentText(gap.to)} something is missing (${gap.reason}): ${gap.outputBytes} bytes of output, ${gap.inputBytes} bytes of input. ${gap.detail}</li>`,
  );
  const notices = facts.notices.map(
    ({ at, notice }) =>
      html`<li><span class="mono soft">${momentText(at)}</span> ${notice.what}: ${notice.detail}</li>`,
  );
  const only =
    seen.length > 0 || summary.meta.imported !== undefined
      ? undefined
      : html`<li>Only the terminal was watched: what the agent did without showing it is not in this recording.</li>`;
  return html`<h2>What was seen, and what was not</h2><ul>${only}${seen}${gaps.length === 0 ? html`<li>No gaps: nothing that came to the terminal is missing.</li>` : gaps}${notices}</ul>`;
}

function beyond({ processes, tools, left }: SessionFacts): Markup {
  const more = (count: number): Markup | undefined =>
    count === 0 ? undefined : html`<p class="soft">${count} more are in the recording.</p>`;
  const programs =
    processes.length === 0
      ? undefined
      : html`<h2>Programs that ran</h2>${processTree(processes)}${more(left.processes)}`;
  const calls =
    tools.length === 0
      ? undefined
      : html`<h2>What the agent says it did</h2><table><thead><tr><th>When</th><th>Tool</th><th>What</th></tr></thead><tbody>${tools.map(
          ({ at, fact }) =>
            html`<tr><td class="when mono">${momentText(at)}</td><td>${fact.what === "call" ? fact.tool : fact.failed ? "failed" : "result"}</td><td><code>${(fact.what === "call" ? (fact.command ?? fact.input) : fact.output).slice(0, 600)}</code></td></tr>\n`,
        )}</tbody></table>${more(left.tools)}`;
  return html`${programs}${calls}`;
}
