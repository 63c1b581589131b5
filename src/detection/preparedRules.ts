import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import type { SigmaDocument } from "../sigma/model.js";
import type { RuleText } from "./rulePack.js";

/** The rules of one file, each of which was read and compiled before without a problem. */
export type PreparedRules = ReadonlyMap<string, readonly SigmaDocument[]>;

/** Changes with every change of SigmaDocument, so that an old file is not taken for a new one. */
export const VERSION = 1;

/** Where the build puts them: beside the compiled program. Not there when the program runs from its sources. */
const PREPARED_FILE = new URL("../detectors.prepared", import.meta.url);

/** The rules that the build prepared: none when there are none, or when another version of Node wrote them. */
export function readPrepared(file: URL | string = PREPARED_FILE): PreparedRules {
  try {
    const { version, files } = deserialize(readFileSync(file)) as { version: number; files: PreparedRules };
    return version === VERSION ? files : new Map();
  } catch {
    return new Map();
  }
}

export const textKey = ({ text }: RuleText): string => createHash("sha256").update(text).digest("hex");
