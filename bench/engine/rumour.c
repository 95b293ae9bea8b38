/* The rumour of reference/rumour-1m in bare C: a million nodes, push-pull, one uniform call a node and round, everybody against the
 * state of the round's beginning. The yardstick for the engine: no events, no faults, no metrics. cc -O3 rumour.c -o rumour */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252ull;

static inline uint32_t below(uint32_t count) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(((state >> 32) * count) >> 32);
}

int main(void) {
  const uint32_t n = 1000000;
  uint8_t *known = calloc(n, 1), *next = calloc(n, 1);
  known[0] = next[0] = 1;
  uint32_t informed = 1, rounds = 0;
  while (informed < n) {
    for (uint32_t node = 0; node < n; node++) {
      uint32_t to = below(n - 1);
      if (to >= node) to++;
      if (known[node] | known[to]) next[node] = next[to] = 1;
    }
    memcpy(known, next, n);
    informed = 0;
    for (uint32_t node = 0; node < n; node++) informed += known[node];
    rounds++;
  }
  printf("%u rounds\n", rounds);
  return 0;
}
