import { type ParameterTest, type ParameterTestRow, parameterTest } from './parameter-test.ts';

/** One row of data/curated/partition-suffixes.json: an eventSource of another domain is no AWS service. */
export interface PartitionSuffixRow {
  readonly suffix: string;
  readonly partition: string;
  readonly reason: string;
  readonly reference: string;
}

/**
 * One row of data/curated/event-hosts.json: a host whose name is not the IAM prefix, or which several prefixes share.
 */
export interface EventHostRow {
  /** The eventSource without the partition's suffix. */
  readonly host: string;
  /** In the order in which a name is looked for. */
  readonly prefixes: readonly string[];
  /** Parameters that tell which of the prefixes a call belongs to; the first that holds decides. */
  readonly choices?: readonly (ParameterTestRow & { readonly prefix: string })[];
  /** Present: a record without parameters may belong to any of the prefixes. Absent: it belongs to the first. */
  readonly unlessTold?: 'ambiguous';
  readonly reason: string;
  readonly reference: string;
}

/** Which IAM prefixes the calls of one eventSource may belong to. */
export interface EventHost {
  readonly prefixes: readonly string[];
  readonly choices: readonly { readonly test: ParameterTest; readonly prefix: string }[];
  readonly unlessTold: 'ambiguous' | undefined;
}

export class EventHosts {
  readonly #suffixes: readonly string[];
  readonly #rows = new Map<string, EventHost>();
  readonly #hasService: (label: string) => boolean;

  constructor(
    suffixes: readonly PartitionSuffixRow[],
    rows: readonly EventHostRow[],
    hasService: (label: string) => boolean,
  ) {
    this.#hasService = hasService;
    this.#suffixes = suffixes.map((row) => row.suffix);
    for (const { host, prefixes, choices = [], unlessTold } of rows) {
      this.#rows.set(host, {
        prefixes,
        choices: choices.map(({ prefix, ...test }) => ({ test: parameterTest(test), prefix })),
        unlessTold,
      });
    }
  }

  /**
   * The host without the suffix of its partition; `undefined` where it is none of AWS's domains. `ec2` stands for
   * `ec2.us-east-1` too, and `sagemaker` for `runtime.sagemaker`: a service names itself first or last.
   */
  label(eventSource: string): string | undefined {
    const host = eventSource.toLowerCase();
    const suffix = this.#suffixes.find((candidate) => host.endsWith(candidate));
    if (suffix === undefined) return undefined;
    const label = host.slice(0, -suffix.length);
    if (!label.includes('.') || this.#isKnown(label)) return label;
    const ends = [label.slice(0, label.indexOf('.')), label.slice(label.lastIndexOf('.') + 1)];
    return ends.find((end) => this.#isKnown(end)) ?? label;
  }

  /** `undefined` where no such service has IAM actions. */
  find(label: string): EventHost | undefined {
    const row = this.#rows.get(label);
    if (row !== undefined) return row;
    return this.#hasService(label) ? { prefixes: [label], choices: [], unlessTold: undefined } : undefined;
  }

  #isKnown(label: string): boolean {
    return this.#rows.has(label) || this.#hasService(label);
  }
}
