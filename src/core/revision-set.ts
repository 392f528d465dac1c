/**
 * ⑥ Revisions that were counted. Numbers lie in one typed array for each wiki, found by hashing: a `Set` of numbers needs
 * several times the memory, and boxes every revision beyond 2^30.
 */

const FIRST_SLOTS = 16;

/** Whole numbers of one wiki. */
class NumberSet {
  /** A power of two of slots, at most half of them taken; NaN is a free one. */
  #slots = new Float64Array(FIRST_SLOTS).fill(NaN);
  #size = 0;

  /** Whether it is new. */
  add(value: number): boolean {
    const slots = this.#slots;
    const at = slotOf(slots, value);
    if (slots[at] === value) return false;
    slots[at] = value;
    this.#size += 1;
    if (this.#size * 2 > slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2).fill(NaN);
    for (const value of this.#slots) if (!Number.isNaN(value)) larger[slotOf(larger, value)] = value;
    this.#slots = larger;
  }
}

/** Where a number is, or the free slot where it belongs. */
function slotOf(slots: Float64Array, value: number): number {
  const mask = slots.length - 1;
  // Both halves: a revision may have 53 bits. Neighbouring revisions go to distant slots.
  let hash = Math.imul((value | 0) ^ Math.imul((value / 0x1_0000_0000) | 0, 0x85ebca6b), 0x9e3779b1);
  hash ^= hash >>> 15;
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const found = slots[at] ?? NaN;
    if (found === value || Number.isNaN(found)) return at;
  }
}

export class RevisionSet {
  readonly #wikis = new Map<string, NumberSet>();

  /** Whether the revision is new. Each wiki numbers its own. */
  add(wiki: string, revision: number): boolean {
    let ofWiki = this.#wikis.get(wiki);
    if (ofWiki === undefined) {
      ofWiki = new NumberSet();
      this.#wikis.set(wiki, ofWiki);
    }
    return ofWiki.add(revision);
  }
}
