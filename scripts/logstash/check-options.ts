import { attributeOf, type Plugin, type SectionKind, type Value } from './config.ts';
import { COMMON_OPTIONS, type KnownPlugin, type OptionType } from './known-plugins.ts';

/** Something with which Logstash would not start, or would do something else than meant. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

type Kind = SectionKind | 'codec';

/** Name, options, their values and what is required, against the table of plugins. */
export function checkPlugin(plugin: Plugin, kind: Kind, table: readonly KnownPlugin[]): Finding[] {
  const known = table.find((row) => row.kind === kind && row.name === plugin.name);
  if (known === undefined) return [{ line: plugin.line, message: `unknown ${kind} plugin ${plugin.name}` }];
  const given = plugin.attributes.map(({ name }) => name);
  const missing = known.required.filter((name) => !given.includes(name));
  const repeated = given.filter((name, i) => given.indexOf(name) !== i);
  return [
    ...missing.map((name) => ({ line: plugin.line, message: `${plugin.name} needs ${name}` })),
    ...repeated.map((name) => ({ line: plugin.line, message: `${plugin.name} has ${name} twice` })),
    ...plugin.attributes.flatMap(({ name, value, line }) =>
      checkOption(known, name, value, table).map((message) => ({ line, message })),
    ),
  ];
}

function checkOption(
  known: KnownPlugin,
  name: string,
  value: Value,
  table: readonly KnownPlugin[],
): string[] {
  if (known.removed?.includes(name)) return [`${known.name}: ${name} was removed from the plugin`];
  const type = known.options[name] ?? COMMON_OPTIONS[known.kind]?.[name];
  if (type === undefined) return [`${known.name} has no option ${name}`];
  if (name === 'codec') return checkCodec(value, table);
  const problems = references(value).filter((text) => !isWellFormed(text));
  return [
    ...(fits(value, type) ? [] : [`${known.name}: ${name} must be ${describe(type)}`]),
    ...problems.map(() => `${known.name}: ${name} has a reference to a variable that is not one`),
    ...(known.secret?.includes(name) && !isVariable(value)
      ? [`${known.name}: ${name} must come from a variable`]
      : []),
  ];
}

function checkCodec(value: Value, table: readonly KnownPlugin[]): string[] {
  if (value.type === 'plugin') return checkPlugin(value, 'codec', table).map(({ message }) => message);
  const name = value.type === 'bareword' || value.type === 'string' ? value.text : '';
  return table.some((row) => row.kind === 'codec' && row.name === name) ? [] : [`unknown codec ${name}`];
}

/** A text with a variable in it may become anything, so its own form says nothing. */
function fits(value: Value, type: OptionType): boolean {
  if (type === 'any') return true;
  if (type === 'hash') return value.type === 'hash';
  if (type === 'array') return value.type !== 'hash';
  if (value.type === 'array' || value.type === 'hash' || value.type === 'plugin') return false;
  const text = value.type === 'number' ? String(value.value) : value.text;
  if (text.includes('${')) return true;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text);
  if (type === 'boolean') return text === 'true' || text === 'false';
  return type === 'string' || type.includes(text);
}

function describe(type: OptionType): string {
  return typeof type === 'string' ? `of type ${type}` : `one of ${type.join(', ')}`;
}

/** Every text within a value. */
function textsIn(value: Value): string[] {
  switch (value.type) {
    case 'string':
    case 'bareword':
      return [value.text];
    case 'number':
      return [];
    case 'array':
      return value.items.flatMap(textsIn);
    case 'hash':
      return value.entries.flatMap(([key, entry]) => [key, ...textsIn(entry)]);
    case 'plugin':
      return value.attributes.flatMap((attribute) => textsIn(attribute.value));
  }
}

function references(value: Value): string[] {
  return textsIn(value).filter((text) => text.includes('${'));
}

/** `${NAME}` or `${NAME:default}` (Logstash Reference, "Using environment variables"). */
const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_.]*(?::[^}]*)?\}/g;

function isWellFormed(text: string): boolean {
  return !text.replaceAll(VARIABLE, '').includes('${');
}

/** Wholly a variable, and without a default, which would be the secret again. */
function isVariable(value: Value): boolean {
  return value.type === 'string' && /^\$\{[A-Za-z_][A-Za-z0-9_.]*\}$/.test(value.text);
}

/** The text of an option, where it is one. */
export function textOf(plugin: Plugin, name: string): string | undefined {
  const value = attributeOf(plugin, name);
  return value?.type === 'string' || value?.type === 'bareword' ? value.text : undefined;
}
