import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { requestFor, withStamp } from "../../evidence/timestamp/addStamp.js";
import { writeOutputFile } from "../outputFile.js";
import { isoText } from "../units.js";

export function addStamp(program: Command): void {
  program
    .command("stamp")
    .summary("give a bundle a time stamp that an authority signs")
    .description(
      "Writes a request for a time stamp (RFC 3161) over a bundle's signature; or, with a RESPONSE, puts the answer into the bundle. Nothing is sent: you choose the authority, and how to reach it.",
    )
    .argument("<bundle>", "a bundle in a zip")
    .argument("[response]", "the authority's answer")
    .addHelpText(
      "after",
      `
Examples:
  bodycam stamp case.zip                    writes case.zip.tsq
  curl -H 'Content-Type: application/timestamp-query' --data-binary @case.zip.tsq https://AUTHORITY > case.tsr
  bodycam stamp case.zip case.tsr           puts it into case.zip`,
    )
    .action(stamp);
}

async function stamp(bundle: string, response: string | undefined): Promise<void> {
  if (response === undefined) {
    writeFileSync(`${bundle}.tsq`, await requestFor(bundle), { mode: 0o600 });
    process.stderr.write(
      `bodycam: Send ${bundle}.tsq to a time-stamp authority, then: bodycam stamp ${bundle} RESPONSE\n`,
    );
    return;
  }
  const { stamp: made, content } = await withStamp(bundle, readFileSync(response));
  await writeOutputFile(bundle, content, { force: true });
  process.stderr.write(
    `bodycam: ${bundle} is stamped: ${isoText(made.at)}, by ${displayText(made.authority)}\n`,
  );
}
