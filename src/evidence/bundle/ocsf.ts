import type { Confidence, Evidence, Flag, Level } from "../../core/flag.js";
import type { Review } from "../../core/review.js";
import { agentName, type SessionSummary } from "../../core/sessionSummary.js";

/** The schema version that the events keep to (schema.ocsf.io/1.5.0/classes/detection_finding). */
const OCSF_VERSION = "1.5.0";

const SEVERITY: Readonly<Record<Level, readonly [number, string]>> = {
  informational: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
};
const CONFIDENCE: Readonly<Record<Confidence, readonly [number, string]>> = {
  seen: [1, "Low"],
  requested: [2, "Medium"],
  confirmed: [3, "High"],
};

/** ATT&CK's enterprise tactics by Sigma's names for them. */
const TACTICS: Readonly<Record<string, readonly [string, string]>> = {
  reconnaissance: ["TA0043", "Reconnaissance"],
  "resource-development": ["TA0042", "Resource Development"],
  "initial-access": ["TA0001", "Initial Access"],
  execution: ["TA0002", "Execution"],
  persistence: ["TA0003", "Persistence"],
  "privilege-escalation": ["TA0004", "Privilege Escalation"],
  "defense-evasion": ["TA0005", "Defense Evasion"],
  "credential-access": ["TA0006", "Credential Access"],
  discovery: ["TA0007", "Discovery"],
  "lateral-movement": ["TA0008", "Lateral Movement"],
  collection: ["TA0009", "Collection"],
  "command-and-control": ["TA0011", "Command and Control"],
  exfiltration: ["TA0010", "Exfiltration"],
  impact: ["TA0040", "Impact"],
};

/**
 * A flag as an OCSF Detection Finding (category 2, class 2004), as security data lakes take it in. What OCSF has no
 * field for stands in `unmapped`.
 */
export function detectionFinding(
  flag: Flag,
  session: SessionSummary,
  version: string,
  review: Review | undefined,
): Record<string, unknown> {
  const { rule } = flag;
  const [severity_id, severity] = SEVERITY[rule.level];
  const [confidence_id, confidence] = CONFIDENCE[flag.confidence];
  const time = milliseconds(session.startedAt + flag.at);
  const times = flag.evidence.map(({ at }) => at);
  return {
    category_uid: 2,
    category_name: "Findings",
    class_uid: 2004,
    class_name: "Detection Finding",
    activity_id: 1,
    activity_name: "Create",
    type_uid: 200401,
    type_name: "Detection Finding: Create",
    time,
    start_time: milliseconds(session.startedAt + Math.min(flag.at, ...times)),
    end_time: milliseconds(session.startedAt + Math.max(flag.at, ...times)),
    severity_id,
    severity,
    confidence_id,
    confidence,
    is_alert: rule.level === "high" || rule.level === "critical",
    ...statusOf(review),
    message: rule.sentence,
    metadata: {
      version: OCSF_VERSION,
      uid: flag.id,
      correlation_uid: session.id,
      product: { name: "bodycam", vendor_name: "bodycam", version, feature: { name: "detectors" } },
      profiles: ["host"],
    },
    finding_info: {
      uid: flag.id,
      title: rule.title,
      desc: rule.sentence,
      created_time: time,
      types: ["AI agent"],
      analytic: { type_id: 1, type: "Rule", uid: rule.id, name: rule.title },
      attacks: attacks(rule.tags),
      data_sources: [...new Set(flag.evidence.map(({ source }) => source))],
    },
    device: { type_id: 0, type: "Unknown", hostname: session.meta.host },
    actor: {
      app_name: agentName(session.meta),
      session: { uid: session.id, created_time: milliseconds(session.startedAt) },
      user: { name: session.meta.user || "unknown", type_id: 0, type: "Unknown" },
    },
    evidences: flag.evidence.map((piece) => evidenceOf(piece, session)),
    unmapped: {
      "bodycam.at_us": flag.at,
      "bodycam.confidence": flag.confidence,
      "bodycam.tags": rule.tags,
      "bodycam.command": session.meta.command,
    },
  };
}

const milliseconds = (micros: number): number => Math.floor(micros / 1000);

function statusOf(review: Review | undefined): Record<string, unknown> {
  if (review === undefined) return { status_id: 1, status: "New" };
  if (review.verdict === "unsure") return { status_id: 2, status: "In Progress", comment: review.note };
  if (review.verdict === "benign") return { status_id: 3, status: "Suppressed", comment: review.note };
  return { status_id: 4, status: "Resolved", comment: review.note };
}

/** The tags of a Sigma rule: `attack.t1539` is a technique, `attack.credential-access` a tactic. */
function attacks(tags: readonly string[]): readonly Record<string, unknown>[] {
  return tags.flatMap((tag): readonly Record<string, unknown>[] => {
    const name = tag.replace(/^attack\./, "").replaceAll("_", "-");
    if (name === tag) return [];
    const tactic = TACTICS[name];
    if (tactic !== undefined) return [{ tactic: { uid: tactic[0], name: tactic[1] } }];
    const technique = /^t\d{4}/i.exec(name)?.[0].toUpperCase();
    if (technique === undefined) return [];
    const sub = /^t\d{4}\.\d{3}$/i.test(name) ? { sub_technique: { uid: name.toUpperCase() } } : {};
    return [{ technique: { uid: technique }, ...sub }];
  });
}

function evidenceOf(piece: Evidence, session: SessionSummary): Record<string, unknown> {
  const { CommandLine, Image, ProcessId } = piece.fields;
  const pid = Number(ProcessId);
  const started =
    CommandLine === undefined || !Number.isSafeInteger(pid) || pid <= 0
      ? {}
      : {
          process: {
            pid,
            cmd_line: CommandLine,
            ...(Image !== undefined && { file: { name: Image.split("/").at(-1), path: Image, type_id: 1 } }),
          },
        };
  return {
    ...started,
    data: {
      source: piece.source,
      at_us: piece.at,
      time: milliseconds(session.startedAt + piece.at),
      frame: piece.seq,
      summary: piece.summary,
      fields: piece.fields,
    },
  };
}
