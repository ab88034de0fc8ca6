/**
 * Closes one after the other, each also when one before it could not be closed: a server that is left alone keeps the process from ending, and nobody starts one anew that has not ended. Rejects
 * with the first error.
 */
export async function closeInOrder(closes: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closes) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
