import { createHash } from "node:crypto";
import type { Evidence, EvidenceSource } from "../core/flag.js";
import type { Micros, Seq, SessionId } from "../core/units.js";
import type { Hit } from "./judge.js";

/** Texts in evidence are cut to this many characters. */
const LONGEST = 500;

/** Fields that evidence shows, where the event has them. */
const SHOWN = [
  "Image",
  "CommandLine",
  "ParentCommandLine",
  "CurrentDirectory",
  "User",
  "FileName",
  "TargetFilename",
  "SourceFilename",
  "Access",
  "Statement",
  "Text",
];

/** Homes of people, which commands call `~` and the kernel by their names. */
const HOMES = /\/(home|Users)\/[\w.-]+(?=\/|\s|'|$)/g;

/** A text without control characters, on one line, not too long: fit for a list or a terminal. */
export function plain(text: string): string {
  const line = text.slice(0, LONGEST * 4).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  const tidy = line.replace(/ {2,}/g, " ").trim();
  return tidy.length <= LONGEST ? tidy : `${tidy.slice(0, LONGEST - 1)}…`;
}

/** A hit as a reviewer sees it. */
export function evidenceOf(hit: Hit, source: EvidenceSource, at: Micros, seq: Seq): Evidence {
  const fields: Record<string, string> = {};
  for (const name of SHOWN) {
    const value = hit.event.fields[name];
    if (typeof value === "string" && value !== "") fields[name] = plain(value);
  }
  return { source, at, seq, summary: plain(summaryText(hit)), fields };
}

function summaryText({ event, matched }: Hit): string {
  const { fields } = event;
  const text = fields.CommandLine ?? fields.Statement ?? fields.Text ?? fields.TargetFilename;
  return typeof text === "string" ? text : matched.map((one) => one.text).join(" ");
}

/**
 * What makes two hits of one rule the same act: for commands the command, for files the file, for statements the
 * statement, for text the part that matched. Spaces and case do not count.
 */
export function normalEvidence({ event, matched }: Hit): string {
  const { fields } = event;
  const command = typeof fields.CommandLine === "string" ? fields.CommandLine : "";
  const text =
    event.category === "terminal" || event.category === "input"
      ? matched.map((one) => one.text).join(" ")
      : [command, fields.Statement ?? "", fields.TargetFilename ?? ""].join(" ");
  return text.replace(HOMES, "~").replace(/\s+/g, " ").trim().toLowerCase();
}

/** A flag's id: the same for the same rule and the same act in the same session, live or later. */
export const flagId = (session: SessionId, rule: string, normal: string): string =>
  createHash("sha256").update(`${session}\0${rule}\0${normal}`).digest("hex").slice(0, 32);
