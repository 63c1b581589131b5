import type { SigmaDocument } from "../sigma/model.js";
import type { RuleNotes } from "../tui/flagPane.js";

/**
 * What the detectors say of themselves beside what is in their flags, by the id of the rule. They are read when that
 * is asked for the first time; until then, and for rules that are no longer there, nothing is known.
 */
export function ruleNotes(
  detectors: readonly string[],
): (rule: string, known: () => void) => RuleNotes | undefined {
  let rules: ReadonlyMap<string, SigmaDocument> | undefined;
  let asked = false;
  const read = async (): Promise<void> => {
    const { loadDetectors } = await import("../detection/detectors.js");
    const { documents } = await loadDetectors(detectors);
    rules = new Map(documents.map((rule) => [rule.id, rule]));
  };
  return (id, known) => {
    if (!asked) {
      asked = true;
      // Detectors that can't be read are told of by the commands that judge with them.
      read().then(known, () => undefined);
    }
    const rule = rules?.get(id);
    if (rule === undefined) return undefined;
    return {
      description: rule.description,
      falsePositives: rule.falsepositives,
    };
  };
}
