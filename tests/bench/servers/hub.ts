/** Runs our own hub whole, as `npm start` does but for the pages: `hub.ts <data folder> [wide]`. */

import { defaultPaces } from '#server/base/live/connection/person.ts';
import { startHub } from '#server/start-hub.ts';
import { host } from '#tests/bench/servers/host.ts';
import { hubEnvironment } from '#tests/bench/servers/hub-environment.ts';

const [dataDir = '', pace] = process.argv.slice(2);
// For the one figure that needs more of a person than a person may: thousands of pushes a second of each.
if (pace === 'wide') {
  const wide = { burst: 1_000_000, perSecond: 100_000 };
  Object.assign(defaultPaces, { messagesOfSocket: wide, messagesOfPerson: wide });
}
const running = await startHub(hubEnvironment(dataDir), { projectRoot: null });
host({
  port: running.hub.env.port,
  documents: () => running.documents(),
  close: () => running.close(),
});
