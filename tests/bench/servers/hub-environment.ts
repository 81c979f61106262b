/** The settings our own hub is measured with: those of `npm start`, on a data folder of its own. */
import { type Environment, readEnvironment } from '#server/base/env.ts';

/** Access tokens are made for this address, whatever the port. */
const publicUrl = 'http://tandem.example';
const secret = 'a secret for measuring, and for nothing else';

/** @param dataDir - holds the embedded database */
export function hubEnvironment(dataDir: string): Environment {
  const result = readEnvironment({
    PORT: '0',
    DATA_DIR: dataDir,
    PUBLIC_URL: publicUrl,
    SECRET: secret,
    DEMO: 'off',
  });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.environment;
}
