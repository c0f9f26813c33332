import type { Type as TypeBox } from 'typebox';

/**
 * TypeBox's types without its run time: the schemas of the contract are plain JSON Schema, and loading the library
 * to write them down would cost every start a tenth of a second and 20 MB. Only what the project uses is here; the
 * types are TypeBox's own, so that `Static` tells what a schema describes.
 */
export type { Static } from 'typebox';

type Schema = Record<string, unknown>;

const OPTIONAL = Symbol('optional');

function object(properties: Record<string, Schema>, options: Schema = {}): Schema {
  const required = Object.keys(properties).filter((key) => !(OPTIONAL in (properties[key] ?? {})));
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
}

const builders = {
  Object: object,
  Optional: (schema: Schema): Schema => ({ ...schema, [OPTIONAL]: true }),
  Array: (items: Schema, options?: Schema): Schema => ({ type: 'array', items, ...options }),
  Union: (anyOf: Schema[], options?: Schema): Schema => ({ anyOf, ...options }),
  // With a type, which TypeBox leaves out: clients that are made from the contract know the values' type by it only.
  Enum: (values: readonly string[], options?: Schema): Schema => ({
    type: 'string',
    enum: [...values],
    ...options,
  }),
  String: (options?: Schema): Schema => ({ type: 'string', ...options }),
  Integer: (options?: Schema): Schema => ({ type: 'integer', ...options }),
  Number: (options?: Schema): Schema => ({ type: 'number', ...options }),
  Boolean: (options?: Schema): Schema => ({ type: 'boolean', ...options }),
  Null: (options?: Schema): Schema => ({ type: 'null', ...options }),
  Any: (options?: Schema): Schema => ({ ...options }),
};

export const Type = builders as unknown as Pick<typeof TypeBox, keyof typeof builders>;
