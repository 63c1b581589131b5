import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { homeOf } from "../../core/home.js";
import { loadDetectors } from "../../detection/detectors.js";
import { examine, type Finding } from "../../session/doctor.js";
import { whatIsSeen } from "../../session/observing/abilities.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { printJson } from "../json.js";
import { Painter } from "../terminalText.js";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .summary("what is in place, what is missing, how to get it")
    .description(
      "Looks at everything the camera needs on this machine. The exit status is 1 when something is missing.",
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  bodycam doctor")
    .action(doctor);
}

async function doctor(options: { readonly json?: true }): Promise<void> {
  const { documents, problems } = await loadDetectors(detectorDirectories());
  const findings = [
    ...examine(homeOf(process.env, process.platform), {
      loaded: documents.length,
      refused: problems.length,
    }),
    ...(await whatIsSeen(process.env, process.platform, detectorDirectories())),
  ];
  if (findings.some((finding) => finding.state === "bad")) process.exitCode = 1;
  if (options.json) {
    printJson(findings);
    return;
  }
  const paint = new Painter(process.stdout);
  for (const finding of findings) {
    process.stdout.write(`${mark(finding, paint)} ${finding.what.padEnd(9)}  ${displayText(finding.says)}\n`);
    if (finding.hint !== undefined) process.stdout.write(`             ${displayText(finding.hint)}\n`);
  }
}

function mark(finding: Finding, paint: Painter): string {
  switch (finding.state) {
    case "good":
      return paint.paint("✓", "green");
    case "warning":
      return paint.paint("!", "yellow");
    case "bad":
      return paint.paint("✗", "red");
  }
}
