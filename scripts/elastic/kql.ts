import type { JsonObject } from '../../src/event/json.ts';

/**
 * The part of KQL that the dashboards use: `and`, `or`, `not`, brackets, `field : value`, `field : (a or b)`,
 * `field : *` and comparisons with numbers.
 */
export type Kql =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Kql[] }
  | { readonly kind: 'not'; readonly part: Kql }
  | { readonly kind: 'is'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'exists'; readonly field: string }
  | { readonly kind: 'range'; readonly field: string; readonly operator: string; readonly bound: number };

const TOKEN = /\s*(?:(\(|\))|("(?:[^"\\]|\\.)*")|(>=|<=|>|<|:)|([^\s()":<>]+))/y;

/** The query's tree; throws a SyntaxError where it cannot be read. The empty query is every event: `undefined`. */
export function parseKql(query: string): Kql | undefined {
  const parser = new Parser(tokensOf(query));
  return parser.isEmpty ? undefined : parser.whole();
}

function tokensOf(query: string): readonly string[] {
  const text = query.trim();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)
      ?.slice(1)
      .find((part) => part !== undefined);
    if (token === undefined) throw new SyntaxError(`cannot read ${text.slice(at)}`);
    tokens.push(token);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isEmpty(): boolean {
    return this.#tokens.length === 0;
  }

  whole(): Kql {
    const tree = this.#or();
    if (this.#peek() !== undefined) throw new SyntaxError(`unexpected ${this.#peek()}`);
    return tree;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(wanted?: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new SyntaxError(`${wanted ?? 'more'} expected, not ${token ?? 'the end'}`);
    }
    return token;
  }

  #isWord(word: string): boolean {
    return this.#peek()?.toLowerCase() === word;
  }

  #or(): Kql {
    return this.#chain('or', () => this.#and());
  }

  #and(): Kql {
    return this.#chain('and', () => this.#not());
  }

  #chain(kind: 'and' | 'or', next: () => Kql): Kql {
    const parts = [next()];
    while (this.#isWord(kind)) {
      this.#at++;
      parts.push(next());
    }
    return parts.length === 1 ? (parts[0] as Kql) : { kind, parts };
  }

  #not(): Kql {
    if (!this.#isWord('not')) return this.#primary();
    this.#at++;
    return { kind: 'not', part: this.#not() };
  }

  #primary(): Kql {
    if (this.#peek() !== '(') return this.#comparison();
    this.#take('(');
    const inner = this.#or();
    this.#take(')');
    return inner;
  }

  #comparison(): Kql {
    const field = this.#take();
    const operator = this.#take();
    if (operator !== ':') {
      if (!/^[<>]=?$/.test(operator)) throw new SyntaxError(`a comparison expected, not ${operator}`);
      const bound = Number(this.#take());
      if (Number.isNaN(bound)) throw new SyntaxError('a number expected');
      return { kind: 'range', field, operator, bound };
    }
    const values = this.#values();
    return values[0] === '*' ? { kind: 'exists', field } : { kind: 'is', field, values };
  }

  #values(): readonly string[] {
    if (this.#peek() !== '(') return [unquote(this.#take())];
    this.#take('(');
    const values = [unquote(this.#take())];
    while (this.#isWord('or')) {
      this.#at++;
      values.push(unquote(this.#take()));
    }
    this.#take(')');
    return values;
  }
}

function unquote(token: string): string {
  return token.startsWith('"') ? (JSON.parse(token) as string) : token;
}

export function fieldsOfKql(tree: Kql | undefined): readonly string[] {
  if (tree === undefined) return [];
  if ('parts' in tree) return tree.parts.flatMap(fieldsOfKql);
  return 'part' in tree ? fieldsOfKql(tree.part) : [tree.field];
}

const BOUNDS: Readonly<Record<string, string>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };

/** The same question in the query language of the engines. */
export function queryOfKql(tree: Kql | undefined): JsonObject {
  if (tree === undefined) return { match_all: {} };
  switch (tree.kind) {
    case 'and':
      return { bool: { filter: tree.parts.map(queryOfKql) } };
    case 'or':
      return { bool: { should: tree.parts.map(queryOfKql), minimum_should_match: 1 } };
    case 'not':
      return { bool: { must_not: [queryOfKql(tree.part)] } };
    case 'exists':
      return { exists: { field: tree.field } };
    case 'is':
      return { terms: { [tree.field]: tree.values } };
    case 'range':
      return { range: { [tree.field]: { [BOUNDS[tree.operator] ?? 'gte']: tree.bound } } };
  }
}
