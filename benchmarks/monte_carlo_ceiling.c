/* The ceiling: the same model in C, random numbers included, four draws at a time in vector registers.
   build: gcc -O3 -march=native -ffast-math monte_carlo_ceiling.c -o ceiling -lm;  run: ./ceiling DRAWS REPEATS
   prints milliseconds of processor time per million cells (draw x line), best of the repeats, one thread. */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
typedef double vec __attribute__((vector_size(32)));
typedef uint64_t bits __attribute__((vector_size(32)));
typedef int64_t mask __attribute__((vector_size(32)));
enum { LINES = 200, AGENCIES = 8, CHAIN = 5 };
static bits s0, s1, s2, s3;
static inline vec all(double x) { return (vec){x, x, x, x}; }
static inline vec pick(mask m, vec a, vec b) { return (vec)((m & (mask)a) | (~m & (mask)b)); }
static inline vec root(vec a) { vec r; for (int i = 0; i < 4; i++) r[i] = __builtin_sqrt(a[i]); return r; }
static inline vec chance(void) { /* xoshiro256+, four lanes */
  bits sum = s0 + s3, t = s1 << 17;
  s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t; s3 = (s3 << 45) | (s3 >> 19);
  return (vec)((sum >> 12) | 0x3ff0000000000000ULL) - all(1);
}
int main(int argc, char **argv) {
  size_t draws = argc > 1 ? strtoull(argv[1], 0, 10) : 10240;
  int repeats = argc > 2 ? atoi(argv[2]) : 7;
  double *p = malloc(LINES * CHAIN * 5 * 8), *share = malloc(LINES * AGENCIES * 8), *out = aligned_alloc(64, draws * AGENCIES * 8);
  for (int l = 0; l < LINES; l++) {
    for (int k = 0; k < CHAIN; k++) {
      double lo = .5 + .001 * l, mode = 1 + .001 * l + .05 * k, hi = 2 + .002 * l, *q = p + (l * CHAIN + k) * 5;
      q[0] = lo; q[1] = hi; q[2] = (mode - lo) / (hi - lo); q[3] = (hi - lo) * (mode - lo); q[4] = (hi - lo) * (hi - mode);
    }
    for (int a = 0; a < AGENCIES; a++) share[l * AGENCIES + a] = 1.0 / AGENCIES;
  }
  uint64_t seed = 88172645463325252ULL; bits *state[4] = {&s0, &s1, &s2, &s3};
  for (int k = 0; k < 4; k++) for (int i = 0; i < 4; i++) { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; (*state[k])[i] = seed; }
  double best = 1e9; vec one = all(1);
  for (int r = 0; r < repeats; r++) {
    struct timespec a, b; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    for (size_t d = 0; d < draws / 4; d++) {
      vec v = one / (all(1.025) + chance() * all(.02)), v2 = v * v, v3 = v2 * v, sum[AGENCIES];
      for (int q = 0; q < AGENCIES; q++) sum[q] = all(0);
      for (int l = 0; l < LINES; l++) {
        vec x = one;
        for (int k = 0; k < CHAIN; k++) {
          double *q = p + (l * CHAIN + k) * 5; vec u = chance(); mask m = u < all(q[2]);
          vec s = root(pick(m, u * all(q[3]), (one - u) * all(q[4])));
          x *= pick(m, all(q[0]) + s, all(q[1]) - s);
        }
        vec lag = chance(), b1 = (one - chance() * all(.3)) * v, b2 = b1 * b1, b4 = b2 * b2, b8 = b4 * b4, b16 = b8 * b8;
        vec power = b16 * b8 * b2 * b1; /* q**27, then a factor for each year that the lag is short of three */
        mask l1 = lag >= all(.25), l2 = lag >= all(.5), l3 = lag >= all(.75);
        power = pick(l3, power, power * b1); power = pick(l2, power, power * b1); power = pick(l1, power, power * b1);
        vec late = pick(l3, v3, pick(l2, v2, pick(l1, v, one)));
        x *= (one - power) * late / (one - b1);
        for (int q = 0; q < AGENCIES; q++) sum[q] += x * all(share[l * AGENCIES + q]);
      }
      for (int q = 0; q < AGENCIES; q++) *(vec *)(out + (d * AGENCIES + q) * 4) = sum[q];
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    double t = (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) * 1e-9;
    if (t < best) best = t;
  }
  printf("%.4f %g\n", best * 1e3 / (draws * (double)LINES / 1e6), out[0] + out[draws * AGENCIES - 1]);
  return 0;
}
