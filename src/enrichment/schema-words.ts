import { Type } from '../json-schema.ts';

/** The words that the schemas of the answers are written in. Each is required where `optional` is not around it. */
export const optional = Type.Optional;

export const text = (description: string) => Type.String({ description });

export const texts = (description: string) => Type.Array(Type.String(), { description });

/**
 * Of these fields and no others.
 * @param said what it is, or the title that the contract gives it
 */
export const object = <Properties extends Parameters<typeof Type.Object>[0]>(
  properties: Properties,
  said: string | { readonly title: string } | undefined = undefined,
) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(typeof said === 'string' ? { description: said } : said),
  });
