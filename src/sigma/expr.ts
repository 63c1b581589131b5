import type { Network } from "./cidr.js";
import type { Pattern } from "./pattern.js";
import type { Regex } from "./regex.js";
import type { RequiredLiterals } from "./regexLiterals.js";
import type { Comparison } from "./threshold.js";
import type { TimePart } from "./timePart.js";

/** What is asked of one field's values; any of several values may answer. */
export type Test =
  | { readonly kind: "pattern"; readonly pattern: Pattern; readonly cased: boolean }
  /** Equal to one of these texts; folded ones unless cased. */
  | { readonly kind: "oneOf"; readonly texts: ReadonlySet<string>; readonly cased: boolean }
  | { readonly kind: "regex"; readonly regex: Regex; readonly literals: RequiredLiterals }
  /** The field is missing or has no value. */
  | { readonly kind: "null" }
  | { readonly kind: "exists"; readonly expected: boolean }
  | {
      readonly kind: "compare";
      readonly op: Comparison;
      readonly limit: number;
      readonly part: TimePart | undefined;
    }
  | { readonly kind: "cidr"; readonly network: Network }
  | {
      readonly kind: "fieldref";
      readonly field: string;
      readonly where: FieldrefPlace;
      readonly cased: boolean;
    };

/** Where in the field the other field's value must stand. */
export type FieldrefPlace = "whole" | "start" | "end" | "anywhere";

/** A rule's logic over tests. `field` undefined means any field. */
export type Expr =
  | { readonly kind: "and" | "or"; readonly of: readonly Expr[] }
  | { readonly kind: "not"; readonly of: Expr }
  | { readonly kind: "test"; readonly field: string | undefined; readonly test: Test };

export const and = (of: readonly Expr[]): Expr => (of.length === 1 && of[0] ? of[0] : { kind: "and", of });
export const or = (of: readonly Expr[]): Expr => (of.length === 1 && of[0] ? of[0] : { kind: "or", of });
export const not = (of: Expr): Expr => ({ kind: "not", of });
