import { type ParameterTest, type ParameterTestRow, parameterTest } from './parameter-test.ts';

/** One row of data/curated/partition-suffixes.json: an eventSource of another domain is no AWS service. */
export interface PartitionSuffixRow {
  readonly suffix: string;
  readonly partition: string;
  readonly reason: string;
  readonly reference: string;
}

/** One row of data/curated/event-hosts.json: a host whose name is not the IAM prefix, or which several prefixes share. */
export interface EventHostRow {
  /** The eventSource without the partition's suffix. */
  readonly host: string;
  /** In the order in which a name is looked for. */
  readonly prefixes: readonly string[];
  /** Parameters that tell which of the prefixes a call belongs to; the first that holds decides. */
  readonly choices?: readonly (ParameterTestRow & { readonly prefix: string })[];
  /** A record without parameters cannot be told apart; without this field the first prefix stands. */
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

  /** `foreign` where the source is none of AWS's domains, `undefined` where no such service has IAM actions. */
  find(eventSource: string): EventHost | 'foreign' | undefined {
    const host = eventSource.toLowerCase();
    const suffix = this.#suffixes.find((candidate) => host.endsWith(candidate));
    return suffix === undefined ? 'foreign' : this.#named(host.slice(0, -suffix.length));
  }

  /** `ec2`, and also `ec2.us-east-1` and `runtime.sagemaker`: a service names itself first or last. */
  #named(label: string): EventHost | undefined {
    const whole = this.#known(label);
    if (whole !== undefined || !label.includes('.')) return whole;
    return (
      this.#known(label.slice(0, label.indexOf('.'))) ?? this.#known(label.slice(label.lastIndexOf('.') + 1))
    );
  }

  #known(label: string): EventHost | undefined {
    const row = this.#rows.get(label);
    if (row !== undefined) return row;
    return this.#hasService(label) ? { prefixes: [label], choices: [], unlessTold: undefined } : undefined;
  }
}
