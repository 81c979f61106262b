/** Runs our own hub whole, as `npm start` does but for the pages: `hub.ts <data folder>`. */

import { startHub } from '#server/start-hub.ts';
import { host } from '#tests/bench/servers/host.ts';
import { hubEnvironment } from '#tests/bench/servers/hub-environment.ts';

const running = await startHub(hubEnvironment(process.argv[2] ?? ''), { projectRoot: null });
host({
  port: running.hub.env.port,
  documents: () => running.documents(),
  close: () => running.close(),
});
