import type { ActionTable } from './action-table.ts';
import { type ParameterTest, type ParameterTestRow, parameterTest } from './parameter-test.ts';

/** data/curated/event-hosts.json */
export interface EventHostsFile {
  /** The DNS suffixes of AWS's partitions; an eventSource of another domain is no AWS service. */
  readonly suffixes: readonly string[];
  readonly hosts: readonly EventHostRow[];
}

/** A host whose first DNS label is not the IAM prefix, or which several prefixes share. */
export interface EventHostRow {
  readonly host: string;
  /** In the order in which a name is looked for. */
  readonly prefixes: readonly string[];
  /** Parameters that tell which of the prefixes a call belongs to; the first that holds decides. */
  readonly choices?: readonly (ParameterTestRow & { readonly prefix: string; readonly otherwise?: string })[];
  readonly reason: string;
  readonly reference: string;
}

/** Which IAM prefixes the calls of one eventSource may belong to. */
export interface EventHost {
  readonly prefixes: readonly string[];
  readonly choices: readonly PrefixChoice[];
}

export interface PrefixChoice {
  readonly test: ParameterTest;
  readonly prefix: string;
  /** The action of a call that has none of its own name under that prefix. */
  readonly otherwise: string | undefined;
}

export class EventHosts {
  readonly #suffixes: readonly string[];
  readonly #rows = new Map<string, EventHost>();
  readonly #actions: ActionTable;

  constructor(file: EventHostsFile, actions: ActionTable) {
    this.#actions = actions;
    this.#suffixes = file.suffixes;
    for (const { host, prefixes, choices = [] } of file.hosts) {
      this.#rows.set(host, {
        prefixes,
        choices: choices.map(({ prefix, otherwise, ...row }) => ({ test: parameterTest(row), prefix, otherwise })),
      });
    }
  }

  /** `undefined` where the source is no AWS service that has IAM actions. */
  find(eventSource: string): EventHost | undefined {
    const label = this.#label(eventSource.toLowerCase());
    if (label === undefined) return undefined;
    return this.#rows.get(label) ?? this.#prefixNamed(label);
  }

  #label(host: string): string | undefined {
    for (const suffix of this.#suffixes) if (host.endsWith(suffix)) return host.slice(0, -suffix.length);
    return undefined;
  }

  /** `ec2`, and also `ec2.us-east-1` and `runtime.sagemaker`: a service names itself first or last. */
  #prefixNamed(label: string): EventHost | undefined {
    if (this.#actions.hasService(label)) return { prefixes: [label], choices: [] };
    if (!label.includes('.')) return undefined;
    const first = label.slice(0, label.indexOf('.'));
    const last = label.slice(label.lastIndexOf('.') + 1);
    for (const part of [first, last]) {
      const row = this.#rows.get(part);
      if (row !== undefined) return row;
      if (this.#actions.hasService(part)) return { prefixes: [part], choices: [] };
    }
    return undefined;
  }
}
