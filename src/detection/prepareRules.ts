import { serialize } from "node:v8";
import { parseRules } from "../sigma/parse.js";
import { textKey, VERSION } from "./preparedRules.js";
import { makeRulePack, type RuleText } from "./rulePack.js";

/**
 * What the build keeps of rule files (preparedRules.ts reads it), by the SHA-256 of their text: to read YAML with all positions, and to compile
 * every expression only to see that it can be, takes longer than everything else at the start of a session.
 */
export function prepare(texts: readonly RuleText[]): Uint8Array {
  const parsed = texts.map((one) => ({ one, ...parseRules(one.text, one.file) }));
  const { problems } = makeRulePack(parsed);
  const wrong = new Set([...problems, ...parsed.flatMap((file) => file.problems)].map(({ file }) => file));
  const good = parsed.filter(({ one }) => !wrong.has(one.file));
  return serialize({ version: VERSION, files: new Map(good.map(({ one, rules }) => [textKey(one), rules])) });
}
