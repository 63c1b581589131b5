/** A place in a rule file, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why a rule, or a whole file, is refused. Every problem of a rule is told, not only the first. */
export interface RuleProblem extends Place {
  readonly file: string;
  readonly reason: string;
  /** The id of the rule concerned, where it got far enough to have one. */
  readonly ruleId?: string;
}

/** Of one document; whoever mends these will look again. */
const MAX_PROBLEMS = 1000;

/** Takes down problems of one document. A document with any problem is refused as a whole. */
export class Problems {
  readonly list: RuleProblem[] = [];
  readonly file: string;
  ruleId: string | undefined;

  constructor(file: string, ruleId?: string) {
    this.file = file;
    this.ruleId = ruleId;
  }

  /** The problems in the order they stand in the file. */
  get inOrder(): readonly RuleProblem[] {
    return this.list.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  add(at: Place, reason: string): void {
    if (this.list.length >= MAX_PROBLEMS) return;
    const problem = { file: this.file, line: at.line, column: at.column, reason };
    this.list.push(this.ruleId === undefined ? problem : { ...problem, ruleId: this.ruleId });
  }
}
