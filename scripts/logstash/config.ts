/**
 * What a Logstash pipeline configuration says (Logstash Reference, "Structure of a pipeline"; the grammar is
 * logstash-core/lib/logstash/config/grammar.treetop of elastic/logstash).
 */
export interface PipelineConfig {
  readonly sections: readonly Section[];
}

export type SectionKind = 'input' | 'filter' | 'output';

export interface Section {
  readonly kind: SectionKind;
  readonly body: readonly Statement[];
  readonly line: number;
}

export type Statement = Plugin | Branch;

export interface Plugin {
  readonly type: 'plugin';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly line: number;
}

export interface Attribute {
  readonly name: string;
  readonly value: Value;
  readonly line: number;
}

/** `if`, its `else if`s and its `else`, which is the one without a condition. */
export interface Branch {
  readonly type: 'branch';
  readonly cases: readonly { readonly condition?: Condition; readonly body: readonly Statement[] }[];
  readonly line: number;
}

export type Value =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'bareword'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'array'; readonly items: readonly Value[] }
  | { readonly type: 'hash'; readonly entries: readonly (readonly [key: string, value: Value])[] }
  | Plugin;

export type Condition =
  | { readonly type: 'all' | 'any' | 'one' | 'not_all'; readonly of: readonly [Condition, Condition] }
  | { readonly type: 'not'; readonly of: Condition }
  | { readonly type: 'field'; readonly reference: string }
  | { readonly type: 'literal'; readonly value: Value }
  | { readonly type: 'pattern'; readonly source: string }
  | {
      readonly type: 'compare';
      readonly operator: Comparison;
      readonly left: Condition;
      readonly right: Condition;
    };

export type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>' | '=~' | '!~' | 'in' | 'not in';

/** The plain value of an attribute, as a plugin gets it: a codec is its name. */
export type PlainValue = string | number | readonly PlainValue[] | { readonly [key: string]: PlainValue };

export function plainValue(value: Value): PlainValue {
  switch (value.type) {
    case 'string':
    case 'bareword':
      return value.text;
    case 'number':
      return value.value;
    case 'array':
      return value.items.map(plainValue);
    case 'hash':
      return Object.fromEntries(value.entries.map(([key, entry]) => [key, plainValue(entry)]));
    case 'plugin':
      return value.name;
  }
}

/** Every plugin of a section, in order, whatever conditions stand around it. */
export function pluginsOf(body: readonly Statement[]): Plugin[] {
  return body.flatMap((statement) =>
    statement.type === 'plugin' ? [statement] : statement.cases.flatMap((branch) => pluginsOf(branch.body)),
  );
}

export function attributeOf(plugin: Plugin, name: string): Value | undefined {
  return plugin.attributes.find((attribute) => attribute.name === name)?.value;
}
