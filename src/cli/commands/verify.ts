import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { messageOf } from "../../core/errors.js";
import { homeOf } from "../../core/home.js";
import { loadSigner } from "../../recording/keys.js";
import { problemText } from "../../recording/problems.js";
import { fingerprint } from "../../recording/seal.js";
import { type VerifyReport, verifyRecording } from "../../recording/verify.js";
import { findRecording } from "../findRecording.js";
import { printJson } from "../json.js";
import { Painter } from "../terminalText.js";
import { bytesText, momentText } from "../units.js";

const STATUS: Readonly<Record<VerifyReport["outcome"], number>> = { intact: 0, altered: 3, incomplete: 4 };
