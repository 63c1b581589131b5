import type { Claims } from "../core/claims.js";
import { displayText } from "../core/displayText.js";
import type { Painter } from "./terminalText.js";
import { momentText } from "./units.js";

const SHOWN = 10;
const LONGEST = 160;

/** What the agent said that it ran against what the system saw, in lines; none where there is nothing to compare. */
export function claimsText(claims: Claims | undefined, paint: Painter): readonly string[] {
  if (claims === undefined || claims.basis === "no-tool-calls") return [];
  const head = `said and done: ${claims.calls} ${claims.calls === 1 ? "command" : "commands"} in the agent's own record`;
  switch (claims.basis) {
    case "no-processes":
      return [`${head}; whether they ran is not known, because programs were not watched`];
    case "nothing-matched":
      return [`${head}; none of them was found among the programs that ran`, ...never(claims, paint)];
    case "compared":
      return [
        `${head}, ${claims.ran} of them ran; ${claims.helpers} helpers of the agent's own set apart`,
        ...undeclared(claims, paint),
        ...never(claims, paint),
      ];
  }
}

function undeclared({ undeclared: all, undeclaredCount: count }: Claims, paint: Painter): readonly string[] {
  if (count === 0) return [];
  return [
    `  Run, but not in the agent's own record (${count}):`,
    ...all.slice(0, SHOWN).map(({ at, command, started, pid }) => {
      const more = started === 0 ? "" : `, started ${started} more`;
      return `  ${momentText(at)}  ${displayText(command, LONGEST)}  ${paint.paint(`process ${pid}${more}`, "dim")}`;
    }),
    ...rest(count),
  ];
}

function never({ unexecuted, unexecutedCount: count }: Claims, paint: Painter): readonly string[] {
  if (count === 0) return [];
  const results = {
    none: "without a result",
    failed: "its result says it failed",
    succeeded: "its result says it went well",
  };
  return [
    `  In the agent's own record, but never run (${count}):`,
    ...unexecuted.slice(0, SHOWN).map(({ at, command, result }) => {
      const said = paint.paint(results[result], "dim");
      return `  ${momentText(at)}  ${displayText(command, LONGEST)}  ${said}`;
    }),
    ...rest(count),
  ];
}

const rest = (count: number): readonly string[] =>
  count > SHOWN ? [`         … and ${count - SHOWN} more (\`bodycam show --json\` has them)`] : [];

/** As `--json` gives it. */
export function claimsJson(claims: Claims | undefined): Record<string, unknown> | null {
  if (claims === undefined) return null;
  const { undeclaredCount, unexecutedCount, undeclared: extra, unexecuted, ...counts } = claims;
  return {
    ...counts,
    undeclared: extra.map(({ at, ...one }) => ({ at_us: at, ...one })),
    undeclared_count: undeclaredCount,
    unexecuted: unexecuted.map(({ at, ...one }) => ({ at_us: at, ...one })),
    unexecuted_count: unexecutedCount,
  };
}
