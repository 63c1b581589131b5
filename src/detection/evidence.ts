import { createHash } from "node:crypto";
import type { Evidence } from "../core/flag.js";
import type { SessionId } from "../core/units.js";
import type { Sighting } from "./corroboration/sighting.js";
import type { Hit } from "./judge.js";

/** Texts in evidence are cut to this many characters. */
const LONGEST = 500;

/** Fields that evidence shows, where the event has them. */
const SHOWN = [
  "Image",
  "ProcessId",
  "CommandLine",
  "ParentCommandLine",
  "CurrentDirectory",
  "User",
  "FileName",
  "TargetFilename",
  "SourceFilename",
  "Access",
  "Store",
  "Scope",
  "LostFiles",
  "LostCount",
  "KeptFile",
  "DestinationIp",
  "DestinationPort",
  "Agent",
  "Tool",
  "Result",
  "Statement",
  "Text",
];

/** A text without control characters, on one line, not too long: fit for a list or a terminal. */
export function plain(text: string): string {
  const line = text.slice(0, LONGEST * 4).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  const tidy = line.replace(/ {2,}/g, " ").trim();
  return tidy.length <= LONGEST ? tidy : `${tidy.slice(0, LONGEST - 1)}…`;
}

/** A hit as a reviewer sees it. */
export function evidenceOf(hit: Hit, { source, confidence, at, seq }: Sighting): Evidence {
  const fields: Record<string, string> = {};
  for (const name of SHOWN) {
    const value = hit.event.fields[name];
    if (typeof value === "string" && value !== "") fields[name] = plain(value);
    else if (typeof value === "number") fields[name] = String(value);
    else if (Array.isArray(value)) fields[name] = plain(value.join(", "));
  }
  const { category } = hit.event;
  const known = { confidence, ...(category !== undefined && { category }) };
  return { source, at, seq, summary: plain(summaryText(hit)), fields, ...known };
}

function summaryText({ event, matched }: Hit): string {
  const { fields } = event;
  if (Array.isArray(fields.LostFiles))
    return `${fields.LostFiles.join(", ")} → ${fields.TargetFilename}; only ${fields.KeptFile} is left`;
  const text = fields.CommandLine ?? fields.Statement ?? fields.Text ?? fields.TargetFilename;
  if (typeof text === "string") return text;
  if (fields.DestinationIp !== undefined) return `${fields.DestinationIp}:${fields.DestinationPort ?? ""}`;
  return matched.map((one) => one.text).join(" ");
}

/** A flag's id: the same for the same rule and the same act in the same session, live or later. */
export const flagId = (session: SessionId, rule: string, act: string): string =>
  createHash("sha256").update(`${session}\0${rule}\0${act}`).digest("hex").slice(0, 32);
