/**
 * Threefry-2x32 a second time, straight from the definition, for any number of rounds: J. Salmon et al., "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011, section 3.2 and table 2. Each round adds, rotates and mixes; after every fourth the key goes in.
 */
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

export function threefry(
  rounds: number,
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  const schedule = [key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]];
  let [x, y] = [(counter[0] + key[0]) >>> 0, (counter[1] + key[1]) >>> 0];
  for (let round = 0; round < rounds; round++) {
    const turn = rotations[round % 8];
    x = (x + y) >>> 0;
    y = (((y << turn) | (y >>> (32 - turn))) ^ x) >>> 0;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x = (x + (schedule[injection % 3] >>> 0)) >>> 0;
    y = (y + (schedule[(injection + 1) % 3] >>> 0) + injection) >>> 0;
  }
  return [x, y];
}
