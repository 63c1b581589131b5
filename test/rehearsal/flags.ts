import { z } from "zod";
import type { Rehearsal } from "./rehearsal.js";

const Flags = z.array(
  z.object({
    rule: z.object({ title: z.string(), level: z.string() }),
    confidence: z.string(),
    evidence: z.array(z.object({ source: z.string(), summary: z.string() })),
  }),
);

export type ShownFlag = z.infer<typeof Flags>[number];

/** What `bodycam flags` knows of the session at this moment. */
export async function flagsOf(rehearsal: Rehearsal): Promise<readonly ShownFlag[]> {
  return Flags.parse(JSON.parse((await rehearsal.bodycam("flags", "--json")).toString()));
}

/** A flag in one line, for comparing and for telling. */
export const brief = (flag: ShownFlag): string => `${flag.rule.level}: ${flag.rule.title}`;
