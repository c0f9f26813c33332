/** The entry under a key, made where it is new and the map has less than `most`; undefined where there is no room. */
export function boundedEntry<Value>(
  map: Map<string, Value>,
  key: string,
  most: number,
  make: () => Value,
): Value | undefined {
  const known = map.get(key);
  if (known !== undefined || map.size >= most) return known;
  const made = make();
  map.set(key, made);
  return made;
}
