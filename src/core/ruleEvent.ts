/** A value of an event's field. Sigma sees numbers and booleans as well as text. */
export type FieldValue = string | number | boolean | null | readonly FieldValue[];

/**
 * What rules are matched against: one observation under a Sigma log source.
 * Field names are Sigma's own (`Image`, `CommandLine`, …); `product: bodycam, category: terminal` has `Text`.
 */
export interface RuleEvent {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
