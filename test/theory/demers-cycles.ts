/**
 * The experiment of Demers et al. written down a second time, in the plainest way: sites in a list, a cycle at a time, chance from
 * another kind of generator, not a line shared with mesh. What the paper leaves open is settled as its printed figures want it: a
 * contact is useful if the other did not have the update when the cycle began; a useful contact sets the counter back to nothing;
 * who hears of the update acts from the next cycle on; a site that is asked by many in one cycle tires once, if none needed it.
 */

export interface DemersSetting {
  readonly mode: 'push' | 'pull';
  readonly when: 'feedback' | 'blind';
  readonly how: 'counter' | 'coin';
  readonly k: number;
}

/** One epidemic: the share that never heard, updates sent a site, when the last one heard, and the mean time to hear, in cycles. */
export interface Epidemic {
  readonly residue: number;
  readonly traffic: number;
  readonly last: number;
  readonly average: number;
}

/** Marsaglia's xorshift with shifts 13, 17, 5 (Journal of Statistical Software 8(14), 2003), scaled to [0, 1). */
export function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function epidemic(sites: number, setting: DemersSetting, chance: () => number): Epidemic {
  const { mode, when, how, k } = setting;
  const heardAt = new Array<number>(sites).fill(Infinity);
  const counter = new Array<number>(sites).fill(0);
  heardAt[0] = 0;
  let infective = new Set([0]);
  let sent = 0;
  const other = (site: number): number => {
    const drawn = Math.floor(chance() * (sites - 1));
    return drawn < site ? drawn : drawn + 1;
  };
  const hasEnough = (site: number): boolean => (how === 'coin' ? chance() < 1 / k : ++counter[site] >= k);

  for (let cycle = 1; infective.size > 0; cycle++) {
    const fresh = new Set<number>();
    const removed = new Set<number>();
    const useful = new Map<number, boolean>();
    const contact = (teller: number, listener: number): void => {
      sent++;
      const needed = heardAt[listener] === Infinity;
      if (needed) fresh.add(listener);
      useful.set(teller, (useful.get(teller) ?? false) || needed);
    };
    if (mode === 'push') for (const site of infective) contact(site, other(site));
    else
      for (let site = 0; site < sites; site++) {
        const asked = other(site);
        if (infective.has(asked)) contact(asked, site);
      }
    for (const [site, wasUseful] of useful) {
      if (when === 'feedback' && wasUseful) counter[site] = 0;
      else if (hasEnough(site)) removed.add(site);
    }
    for (const site of fresh) heardAt[site] = cycle;
    infective = new Set([...infective, ...fresh].filter((site) => !removed.has(site)));
  }
  const times = heardAt.filter((time) => time < Infinity);
  return {
    residue: 1 - times.length / sites,
    traffic: sent / sites,
    last: Math.max(...times),
    average: times.reduce((sum, time) => sum + time, 0) / times.length,
  };
}
