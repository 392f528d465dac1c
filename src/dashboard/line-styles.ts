/** ⑨ How the lines of compared wikis are broken, in pixels drawn and left out. The first one is whole. */
export const LINE_DASHES: readonly (readonly number[])[] = [
  [],
  [9, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 3, 1, 3, 1, 3],
];
