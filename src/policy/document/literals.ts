/**
 * Characters of a policy that look like wildcards or variables and are none. They are put in another place of Unicode,
 * where nothing takes them for more than they are, and no name that AWS gives out can hold them.
 */
const LITERALS: Readonly<Record<string, string>> = { '*': '\uE02A', '?': '\uE03F', $: '\uE024' };

function literal(character: string): string {
  return LITERALS[character] ?? character;
}

/** Whether it asks for such a character, so that no name that AWS gives out fits. */
export function holdsLiteral(text: string): boolean {
  return /[\uE02A\uE03F\uE024]/.test(text);
}

/** IAM User Guide, "IAM policy elements: Variables and tags": `${*}`, `${?}` and `${$}` stand for the character. */
const ESCAPED = /\$\{([*?$])\}/g;

/**
 * A text in which `*` and `?` are wildcards, and `${` begins a variable only where the version of the policy language
 * has them: before 2012-10-17 it has not, and a policy that names no version is of 2008 (IAM User Guide, "IAM JSON
 * policy elements: Version").
 */
export function asPattern(text: string, variables: boolean): string {
  if (!text.includes('${')) return text;
  if (!variables) return text.replaceAll('${', `${literal('$')}{`);
  return text.replaceAll(ESCAPED, (_, character: string) => literal(character));
}

/**
 * A value of a condition in the same sense: StringEquals and its kin compare every character as it is, only the
 * operators with Like in their name and those of ARNs know wildcards (IAM User Guide, "IAM JSON policy elements:
 * Condition operators"). `operator` is in lower case.
 */
export function readValue(text: string, operator: string, variables: boolean): string {
  const pattern = asPattern(text, variables);
  return COMPARES.test(operator) ? pattern.replaceAll(/[*?]/g, literal) : pattern;
}

const COMPARES = /^(?:for(?:anyvalue|allvalues):)?string(?:not)?equals/;
