/** Waiting that ends, whatever is waited for. */

/** Waits for work at most so long. @returns false when it had not ended by then; it goes on unobserved */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(() => true as const);
  // Looked at by the race; when that is over, nobody is left to hear of a failure.
  done.catch(() => undefined);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
