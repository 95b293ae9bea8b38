/**
 * Who claimed which step? For every identity the highest step that it claimed itself, and the question that cautious clocks ask: what is
 * the k-th largest of them? Whoever was never heard counts as -1, below every step, so silence never moves a clock.
 */
export class ClaimBook {
  readonly #claims: (Map<number, number> | undefined)[];

  constructor(rows: number) {
    this.#claims = new Array<Map<number, number> | undefined>(rows);
  }

  forget(row: number): void {
    this.#claims[row] = undefined;
  }

  /** @returns false when the identity had claimed as much before */
  hear(row: number, identity: number, step: number): boolean {
    const claims = (this.#claims[row] ??= new Map<number, number>());
    if (step <= (claims.get(identity) ?? -1)) return false;
    claims.set(identity, step);
    return true;
  }

  /**
   * The k-th largest of the claims beyond the node's own step, -1 while there are fewer. Claims that the node has reached are forgotten:
   * whoever asks only this never needs them again, because a clock does not go back.
   */
  ahead(row: number, own: number, k: number): number {
    const claims = this.#claims[row];
    if (claims === undefined) return -1;
    for (const [identity, step] of claims) if (step <= own) claims.delete(identity);
    return claims.size < k ? -1 : Float64Array.from(claims.values()).sort()[claims.size - k];
  }

  /** All claims, the node's own among them, largest first. */
  sorted(row: number, own: number): Float64Array {
    const claims = this.#claims[row];
    const list = new Float64Array((claims?.size ?? 0) + 1);
    let at = 0;
    if (claims !== undefined) for (const step of claims.values()) list[at++] = -step;
    list[at] = -own;
    list.sort();
    for (let i = 0; i < list.length; i++) list[i] = -list[i];
    return list;
  }
}
