/* An independent second opinion on rumour-10k and rumour-1m: mean rounds of push-pull on a complete network, another generator
 * (xoshiro256**), no line in common with mesh. cc -O3 rumour-mean.c -o rumour-mean -lm; ./rumour-mean NODES RUNS SEED */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t s[4];

static inline uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t next(void) {
  uint64_t r = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl(s[3], 45);
  return r;
}

static inline uint32_t below(uint32_t n) { return (uint32_t)(((next() >> 32) * n) >> 32); }

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  uint32_t n = atoi(argv[1]);
  int runs = atoi(argv[2]);
  s[0] = 1, s[1] = 2, s[2] = 3, s[3] = atoi(argv[3]);
  for (int i = 0; i < 100; i++) next();
  uint8_t *known = malloc(n), *after = malloc(n);
  double sum = 0, squares = 0;
  for (int run = 0; run < runs; run++) {
    memset(known, 0, n);
    known[0] = 1;
    memcpy(after, known, n);
    uint32_t informed = 1;
    int rounds = 0;
    while (informed < n) {
      for (uint32_t i = 0; i < n; i++) {
        uint32_t to = below(n - 1);
        if (to >= i) to++;
        if (known[i] | known[to]) after[i] = after[to] = 1;
      }
      memcpy(known, after, n);
      informed = 0;
      for (uint32_t i = 0; i < n; i++) informed += known[i];
      rounds++;
    }
    sum += rounds;
    squares += (double)rounds * rounds;
  }
  double mean = sum / runs, sd = sqrt(squares / runs - mean * mean);
  printf("n=%u mean %.4f sd %.4f standard error %.4f\n", n, mean, sd, sd / sqrt(runs));
  return 0;
}
