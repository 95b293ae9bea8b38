/* The hold model in bare C: take the first event out, put it back later by a random delay. A ladder of one rung: buckets of a fixed width, appended to
   in chunks, sorted when opened. Nothing but the queue: 24 bytes an event, no ties, no payload. cc -O3 -march=native bench/engine/hold.c -lm -o hold && ./hold 1000000 10000000 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
typedef struct { double time; int32_t node, kind; uint64_t order; } Event;
enum { CHUNK = 32, BUCKETS = 4096 };
typedef struct Chunk { struct Chunk *next; Event events[CHUNK]; } Chunk;
static Chunk *heads[BUCKETS], *tails[BUCKETS], *freeChunks;
static int fills[BUCKETS];
static double width, perWidth;
static int64_t current = -1;
static Event *open_; static int openCount, openNext, openSize;
static Event *far_; static int farCount, farSize;
static Chunk *takeChunk(void) {
  Chunk *c = freeChunks;
  if (c) freeChunks = c->next; else c = malloc(sizeof *c);
  c->next = 0; return c;
}
static void insertOpen(Event e) {
  if (openCount == openSize) open_ = realloc(open_, sizeof(Event) * (openSize *= 2));
  int i = openCount++;
  while (i > openNext && open_[i - 1].time > e.time) { open_[i] = open_[i - 1]; i--; }
  open_[i] = e;
}
static void push(Event e) {
  int64_t n = (int64_t)(e.time * perWidth);
  if (n <= current) { insertOpen(e); return; }
  if (n >= current + BUCKETS) { if (farCount == farSize) far_ = realloc(far_, sizeof(Event) * (farSize *= 2)); far_[farCount++] = e; return; }
  int b = n & (BUCKETS - 1);
  if (!tails[b] || fills[b] == CHUNK) { Chunk *c = takeChunk(); if (tails[b]) tails[b]->next = c; else heads[b] = c; tails[b] = c; fills[b] = 0; }
  tails[b]->events[fills[b]++] = e;
}
static int byTime(const void *p, const void *q) { double d = ((Event *)p)->time - ((Event *)q)->time; return d < 0 ? -1 : d > 0; }
static uint32_t counts[4097]; static Event *scratch; static int scratchSize;
static Event pop(void) {
  while (openNext == openCount) {
    openNext = openCount = 0;
    current++;
    if ((current & (BUCKETS / 2 - 1)) == 0) { int kept = 0; int n = farCount; farCount = 0;
      for (int i = 0; i < n; i++) { Event e = far_[i]; if ((int64_t)(e.time * perWidth) < current + BUCKETS) push(e); else far_[kept++] = e; } farCount = kept; }
    int b = current & (BUCKETS - 1);
    int total = 0;
    for (Chunk *c = heads[b]; c; c = c->next) total += c == tails[b] ? fills[b] : CHUNK;
    if (total > openSize) open_ = realloc(open_, sizeof(Event) * (openSize = total * 2));
    if (total > scratchSize) scratch = realloc(scratch, sizeof(Event) * (scratchSize = total * 2));
    /* counting sort by 1024 slices, then insertion */
    memset(counts, 0, sizeof counts);
    double start = current * width, perSlice = 1024 / width;
    int at = 0;
    for (Chunk *c = heads[b]; c;) { int k = c == tails[b] ? fills[b] : CHUNK; for (int i = 0; i < k; i++) { Event e = c->events[i]; int s = (int)((e.time - start) * perSlice); if (s > 1023) s = 1023; counts[s + 1]++; scratch[at++] = e; }
      Chunk *next = c->next; c->next = freeChunks; freeChunks = c; c = next; }
    heads[b] = tails[b] = 0; fills[b] = 0;
    for (int i = 0; i < 1024; i++) counts[i + 1] += counts[i];
    for (int i = 0; i < total; i++) { int s = (int)((scratch[i].time - start) * perSlice); if (s > 1023) s = 1023; open_[counts[s]++] = scratch[i]; }
    for (int i = 1; i < total; i++) { Event e = open_[i]; int j = i; while (j > 0 && open_[j - 1].time > e.time) { open_[j] = open_[j - 1]; j--; } open_[j] = e; }
    openCount = total;
  }
  return open_[openNext++];
}
static uint64_t s = 88172645463325252ull;
static double rnd(void) { s ^= s << 13; s ^= s >> 7; s ^= s << 17; return (s >> 11) * (1.0 / 9007199254740992.0); }
static double delays[65536];
int main(int argc, char **argv) {
  if (argc < 3) { puts("hold PENDING HOLDS"); return 1; }
  int n = atoi(argv[1]); long holds = atol(argv[2]);
  double mean = 1e6, now = 0, sum = 0, best = 0; width = mean / n * 512; perWidth = 1 / width;
  unsigned turn = 0;
  for (int i = 0; i < 65536; i++) delays[i] = 1 + floor(2 * rnd() * mean);
  openSize = 1024; open_ = malloc(sizeof(Event) * openSize); farSize = 1024; far_ = malloc(sizeof(Event) * farSize);
  for (int i = 0; i < n; i++) push((Event){ delays[turn++ & 65535] + i % 1000, i, 0, 0 });
  for (int round = 0; round < 5; round++) {
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (long i = 0; i < holds; i++) { Event e = pop(); if (e.time < now) { puts("wrong"); return 1; } now = e.time; sum += e.node; e.time = now + delays[turn++ & 65535]; push(e); }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double rate = holds / ((b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9) / 1e6;
    if (rate > best) best = rate;
  }
  printf("%d pending: %.1f M events/s, the best of 5 (%g)\n", n, best, sum);
}
