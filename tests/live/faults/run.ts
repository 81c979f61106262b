/** `npm run prove -- <what> [--times N] [--seconds N] [--seed N]`: the fault tests, as often as one likes. */
import { parseArgs } from 'node:util';
import { loseDatabase } from '#tests/live/faults/database-away.ts';
import { killManyTimes } from '#tests/live/faults/kill.ts';
import { floodWithMalformed } from '#tests/live/faults/malformed.ts';
import { floodFromOneCompany } from '#tests/live/faults/unfair.ts';

const help = `What to prove, and how often:

  kill       --times 100       kill -9 of the hub while twenty people type
  database   --seconds 60      the database cannot be reached, then its line is silent
  malformed  --times 1000000   malformed frames of every layer
  fairness   --seconds 20      fifty people of one company flood the hub while ten of another type
  (random sessions: FUZZ_SESSIONS=10000 npm test -- live tests/live/session-fuzz)
`;

const options = {
  times: { type: 'string' },
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
} as const;

async function main(): Promise<unknown> {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const seed = Number(values.seed);
  switch (positionals[0]) {
    case 'kill':
      return { seed, ...(await killManyTimes(Number(values.times ?? 100), seed)) };
    case 'malformed':
      return { seed, ...(await floodWithMalformed(Number(values.times ?? 1_000_000), seed)) };
    case 'fairness':
      return await floodFromOneCompany(Number(values.seconds) * 1_000);
    case 'database': {
      const awayMs = Number(values.seconds) * 1_000;
      return { cut: await loseDatabase('cut', awayMs), stall: await loseDatabase('stall', awayMs) };
    }
    default:
      return help;
  }
}

const result = await main();
process.stdout.write(typeof result === 'string' ? result : `${JSON.stringify(result, null, 2)}\n`);
