/** Makes a value when it is first asked for. A schema costs more than most starts of the helper need. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
