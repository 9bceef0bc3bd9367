/* Makes every flush of a file take a fixed time, whatever the disk is doing: preloaded by benchmarks/flush.py.
 *
 * The files of a benchmark lie on tmpfs, where a flush is a no-op, so nothing is lost by not passing it on. The time
 * is set from inside the process: one process can measure with and without it.
 */
#include <time.h>

static volatile long delay_us = 0;

void omo_flush_delay(long us) { delay_us = us; }

static int flush(void) {
    struct timespec left = {delay_us / 1000000, delay_us % 1000000 * 1000};
    if (delay_us > 0)
        while (nanosleep(&left, &left) != 0) {}
    return 0;
}

int fsync(int fd) { (void)fd; return flush(); }
int fdatasync(int fd) { (void)fd; return flush(); }
