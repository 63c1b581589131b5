import { PRINCIPAL } from "../signing/allowedSigners.js";
import { type SshPublicKey, sshFingerprint } from "../signing/sshPublicKey.js";
import { FILE_NAMESPACE } from "../signing/sshSignature.js";

/** The one page that says how to check a bundle without bodycam. */
export const verifyInstructions = (key: SshPublicKey, sessions: readonly string[]): string => `\
HOW TO CHECK THAT NOTHING IN HERE WAS CHANGED

This is a bag (BagIt 1.0, RFC 8493): a folder with a list of checksums of everything in it, and a signature over that
list. You need no special program. In a terminal, in the folder that this file is in:

1. Is every file as it was when the bundle was made? All lines must say OK:

     sha256sum -c tagmanifest-sha256.txt
     sha256sum -c manifest-sha256.txt

   (On a Mac: shasum -a 256 -c …)

2. Who signed the list? It must say: Good "${FILE_NAMESPACE}" signature for ${PRINCIPAL}

     ssh-keygen -Y verify -f allowed_signers -I ${PRINCIPAL} -n ${FILE_NAMESPACE} \\
       -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt

   The signer's key is

     ${sshFingerprint(key)}

   Anybody can make a bundle with a key of their own. So ask the person whom you think it is from for their
   fingerprint (bodycam verify shows it for any recording of theirs; for an SSH key it is ssh-keygen -l), by phone or
   in person, and compare.

3. Is there a time stamp (tagmanifest-sha256.txt.sig.tsr)? Then the signature existed at the time it says:

     openssl ts -reply -in tagmanifest-sha256.txt.sig.tsr -text
     openssl ts -verify -data tagmanifest-sha256.txt.sig -in tagmanifest-sha256.txt.sig.tsr -CAfile AUTHORITY.pem

   AUTHORITY.pem is the certificate of the time-stamp authority; get it from them. Without a time stamp, all times in
   here are what the recording computer's clock said.

Or let bodycam do all of it, and check the recordings' own seals block by block:  bodycam verify .

WHAT IS IN HERE

Open report.html in a browser; it needs no network. In the folder of each session under data/:

  recording.bodycam   the recording itself, sealed while it was made: the evidence
  report.html         a view of it for people, with a player
  session.cast        the terminal session for asciinema 3 (asciinema play session.cast)
  session.v2.cast     the same for older ones
  session.txt         its text
  flags.json          what bodycam's detectors found; flags.ocsf.json: the same as OCSF Detection Findings
  verdicts.json       what reviewers said
  transcript-…        the agent's own log of the session, where it was found; tools.jsonl: its calls as they came

${sessions.map((id) => `  data/${id}/report.html\n`).join("")}
WHAT THIS SHOWS, AND WHAT NOT

If both checks pass, this is, byte for byte, what the holder of the key above signed. The recordings were sealed with
their recorder's key from moment to moment while they were made. It does not show that the holder of the key is honest,
nor that nothing happened beside what was recorded: each report says what was seen and what was not.
`;
