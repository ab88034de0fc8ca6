/** Ten times as fast as it is: a wait for the disk may take so long that what is meant to be in time would be late. */
const [REAL_MS, LOOK_MS] = [20, 200];

/** Who follows another process looks again and again how its run is: that takes time, which only passes here when it is told to, and no more when the process has died. */
export async function whileTimePasses<T>(advance: (ms: number) => Promise<void>, finished: Promise<T>, died: Promise<unknown>): Promise<T> {
  let isOver = false;
  const over = Promise.race([finished, died]).finally(() => (isOver = true));
  while (!isOver) {
    await Promise.race([over, new Promise((resolve) => { setTimeout(resolve, REAL_MS); })]);
    await advance(LOOK_MS);
  }
  return finished;
}
