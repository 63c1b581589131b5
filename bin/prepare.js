#!/usr/bin/env node
// The last step of the build: reads and checks the detectors once, so that a session need not (dist/detectors.prepared).
// Files with anything wrong in them are left out, and are read as they are when they are used.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readRuleTexts } from "../dist/detection/detectors.js";
import { prepare } from "../dist/detection/prepareRules.js";

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
writeFileSync(place("../dist/detectors.prepared"), prepare(readRuleTexts([place("../detectors")])));
