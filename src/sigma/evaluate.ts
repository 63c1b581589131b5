import { contains } from "./cidr.js";
import type { EventView, FieldTexts } from "./eventView.js";
import type { Expr, FieldrefPlace, Test } from "./expr.js";
import type { Span } from "./pattern.js";
import type { RequiredLiterals } from "./regexLiterals.js";
import { compare } from "./threshold.js";
import { timePart } from "./timePart.js";

/** What a rule matched on: the field, its value, and the part of it that matched. */
export interface MatchedValue {
  /** Undefined only where no field is involved at all. */
  readonly field: string | undefined;
  readonly value: string;
  readonly text: string;
}

/** Whether an event fulfils a rule's logic. */
export function evaluate(expr: Expr, view: EventView): boolean {
  switch (expr.kind) {
    case "and":
      for (const one of expr.of) if (!evaluate(one, view)) return false;
      return true;
    case "or":
      for (const one of expr.of) if (evaluate(one, view)) return true;
      return false;
    case "not":
      return !evaluate(expr.of, view);
    case "test":
      return expr.field === undefined
        ? view.names.some((field) => passes(expr.test, field, view))
        : passes(expr.test, expr.field, view);
  }
}

/** Says on what a rule matched that `evaluate` found to match: every test that is fulfilled and not negated. */
export function explain(expr: Expr, view: EventView): MatchedValue[] {
  const found = new Map<string, MatchedValue>();
  collect(expr, view, found);
  return [...found.values()];
}

function collect(expr: Expr, view: EventView, into: Map<string, MatchedValue>): void {
  switch (expr.kind) {
    case "and":
      for (const one of expr.of) collect(one, view, into);
      return;
    case "or":
      for (const one of expr.of) if (evaluate(one, view)) collect(one, view, into);
      return;
    case "not":
      return;
    case "test":
      for (const field of expr.field === undefined ? view.names : [expr.field]) {
        const matched = passes(expr.test, field, view) ? matchedValue(expr.test, field, view) : undefined;
        if (matched !== undefined) into.set(`${field}\0${matched.text}`, matched);
      }
  }
}

function passes(test: Test, field: string, view: EventView): boolean {
  if (test.kind === "exists") return view.has(field) === test.expected;
  const texts = view.get(field);
  if (test.kind === "null") return texts === undefined || texts.hasNull;
  return texts !== undefined && matchingIndex(test, texts, view) >= 0;
}

/** Which of a field's texts fulfils the test, or -1. */
function matchingIndex(test: Test, texts: FieldTexts, view: EventView): number {
  const list = texts.texts(
    test.kind === "pattern" || test.kind === "oneOf" || test.kind === "fieldref" ? test.cased : true,
  );
  for (let index = 0; index < list.length; index++) {
    const text = list[index] ?? "";
    if (holds(test, text, texts, index, view)) return index;
  }
  return -1;
}

function holds(test: Test, text: string, texts: FieldTexts, index: number, view: EventView): boolean {
  switch (test.kind) {
    case "pattern":
      return test.pattern.test(text);
    case "oneOf":
      return test.texts.has(text);
    case "regex":
      return text.length < LONG
        ? mayHold(test.literals, texts.folded[index] ?? "") && test.regex.test(text)
        : holdsInLong(test, text, texts.folded[index] ?? "");
    case "compare": {
      const number = test.part === undefined ? numberOf(text) : timePart(text, test.part);
      return number !== undefined && compare(number, test.op, test.limit);
    }
    case "cidr":
      return contains(test.network, text);
    case "fieldref":
      return (view.get(test.field)?.texts(test.cased) ?? []).some((other) => stands(other, test.where, text));
    case "null":
    case "exists":
      return false;
  }
}

/** The events of one command have its long texts in common: what was found out of the last one is kept. */
const LONG = 200;
const lately = new WeakMap<Test, { readonly text: string; readonly holds: boolean }>();

function holdsInLong(test: Extract<Test, { kind: "regex" }>, text: string, folded: string): boolean {
  const last = lately.get(test);
  if (last?.text === text) return last.holds;
  const holds = mayHold(test.literals, folded) && test.regex.test(text);
  lately.set(test, { text, holds });
  return holds;
}

/** Looking for literals is many times faster than an expression. */
function mayHold(required: RequiredLiterals, folded: string): boolean {
  for (const texts of required) if (!texts.some((text) => folded.includes(text))) return false;
  return true;
}

function stands(other: string, where: FieldrefPlace, text: string): boolean {
  switch (where) {
    case "whole":
      return text === other;
    case "start":
      return text.startsWith(other);
    case "end":
      return text.endsWith(other);
    case "anywhere":
      return text.includes(other);
  }
}

function numberOf(text: string): number | undefined {
  return text.length < 64 && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)
    ? Number(text)
    : undefined;
}

function matchedValue(test: Test, field: string, view: EventView): MatchedValue {
  const texts = view.get(field);
  const index = texts === undefined ? -1 : matchingIndex(test, texts, view);
  const value = texts?.raw[index] ?? texts?.raw[0] ?? "";
  const span = spanIn(test, value, texts?.folded[index] ?? "");
  return { field, value, text: span === undefined ? value : value.slice(span.start, span.end) };
}

function spanIn(test: Test, raw: string, folded: string): Span | undefined {
  if (test.kind === "pattern") return test.pattern.find(test.cased ? raw : folded);
  return test.kind === "regex" ? test.regex.find(raw) : undefined;
}
