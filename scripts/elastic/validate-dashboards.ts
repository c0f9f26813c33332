import { isObject, objectAt, textAt } from '../../src/event/json.ts';
import type { Fields } from './field-types.ts';
import { type Flavour, jsonTexts, objectErrors, readObjects } from './object-rules.ts';
import { contentErrors } from './panel-rules.ts';
import { stableJson } from './saved-objects.ts';

/** What is wrong with a file of saved objects; nothing where an import and a look at it should go well. */
export function validateDashboards(text: string, flavour: Flavour, fields: Fields): readonly string[] {
  const { objects, errors } = readObjects(text);
  const found = [...errors];
  for (const object of objects) {
    const outer = objectErrors(object, objects, flavour);
    found.push(...outer);
    // What the panels hold can only be read where the JSON around them can.
    if (!outer.some((error) => error.includes('no JSON text'))) found.push(...contentErrors(object, fields));
    const ids = objects.map((one) => textAt(one, 'id') ?? '');
    found.push(...hardCodedIds(objectAt(object, 'attributes') ?? {}, ids));
  }
  const lines = text.trimEnd().split('\n');
  if (lines.some((line) => !isStable(line))) found.push('the keys are not sorted');
  return found;
}

/** An import renames `references[].id` only: an id anywhere else would then point to nothing. */
function hardCodedIds(attributes: unknown, ids: readonly string[]): readonly string[] {
  const errors: string[] = [];
  const walk = (node: unknown, isReference: boolean): void => {
    if (Array.isArray(node)) for (const item of node) walk(item, isReference);
    else if (isObject(node))
      for (const [key, inner] of Object.entries(node)) walk(inner, isReference || key === 'references');
    else if (!isReference && typeof node === 'string' && ids.includes(node))
      errors.push(`the id ${node} is written into a JSON text`);
  };
  for (const [, text] of jsonTexts(attributes)) {
    try {
      walk(JSON.parse(String(text)), false);
    } catch {
      // Said already, by the rule on JSON texts.
    }
  }
  return errors;
}

function isStable(line: string): boolean {
  try {
    return stableJson(JSON.parse(line)) === line;
  } catch {
    return false;
  }
}
