/** The load: plays one scenario against one peer and tells what it found; started by `run.ts` on the core of the load. */
import { isPeerId } from '#tests/bench/peers.ts';
import { playTyping } from '#tests/bench/scenarios/typing.ts';

const [peer = '', _name, order = '{}'] = process.argv.slice(2);
if (!isPeerId(peer)) throw new Error(`no peer '${peer}'`);
const figures = await playTyping(peer, JSON.parse(order));
process.stdout.write(`${JSON.stringify(figures)}\n`);
