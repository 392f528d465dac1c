/**
 * Of each id what was said last: of several who say something at the same time, none is lost.
 * @param asOf when it was said; of equals, `recorded` counts
 * @returns in the order in which ids came first
 */
export function latestOfEach<T>(
  before: readonly T[],
  recorded: readonly T[],
  idOf: (item: T) => string,
  asOf: (item: T) => number,
): T[] {
  const byId = new Map(before.map(item => [idOf(item), item]));
  for (const item of recorded) {
    const known = byId.get(idOf(item));
    if (known === undefined || asOf(known) <= asOf(item)) byId.set(idOf(item), item);
  }
  return [...byId.values()];
}
