import { BodycamError } from "../core/errors.js";
import type { FieldValue, RuleEvent } from "../core/ruleEvent.js";

const isText = (value: unknown): value is string => typeof value === "string";

function isFieldValue(value: unknown): value is FieldValue {
  if (Array.isArray(value)) return value.every(isFieldValue);
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/**
 * One line of an events file as an event: JSON with `fields`, and any of `category`, `product` and `service`.
 * Nested fields are flattened with dots, as Sigma names them. Throws BodycamError `bad-usage`.
 */
export function eventOfLine(text: string, line: number): RuleEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw wrong(line, "is no JSON", cause);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw wrong(line, "is no JSON object");
  const { category, product, service, fields } = json as Record<string, unknown>;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw wrong(line, 'has no "fields" object');
  const flat: Record<string, FieldValue> = {};
  flatten(fields as Record<string, unknown>, "", flat);
  return {
    ...(isText(category) && { category }),
    ...(isText(product) && { product }),
    ...(isText(service) && { service }),
    fields: flat,
  };
}

function flatten(from: Record<string, unknown>, prefix: string, into: Record<string, FieldValue>): void {
  for (const [name, value] of Object.entries(from)) {
    if (isFieldValue(value)) into[prefix + name] = value;
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      flatten(value as Record<string, unknown>, `${prefix}${name}.`, into);
    } else into[prefix + name] = JSON.stringify(value);
  }
}

const wrong = (line: number, what: string, cause?: unknown): BodycamError =>
  new BodycamError("bad-usage", `Line ${line} of the events ${what}.`, {
    hint: 'Each line looks like {"category": "process_creation", "product": "linux", "fields": {"Image": "/usr/bin/cp"}}.',
    cause,
  });
