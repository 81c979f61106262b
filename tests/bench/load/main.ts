/** The load: plays one scenario against one peer and tells what it found; started by `run.ts` on the core of the load. */
import { readFileSync } from 'node:fs';
import { ownCpuMsIn } from '#tests/bench/measure/process-meter.ts';
import { isPeerId, type PeerId } from '#tests/bench/peers.ts';
import { playCrowding } from '#tests/bench/scenarios/crowding.ts';
import { playManyDocuments } from '#tests/bench/scenarios/many-documents.ts';
import { playOpening, prepareOpening } from '#tests/bench/scenarios/opening.ts';
import { playReconnecting } from '#tests/bench/scenarios/reconnecting.ts';
import { playSaturation } from '#tests/bench/scenarios/saturation.ts';
import { playStarting } from '#tests/bench/scenarios/starting.ts';
import { playTyping } from '#tests/bench/scenarios/typing.ts';
import { isScenarioId, type ScenarioId } from '#tests/bench/trials.ts';

type Play = (peer: PeerId, order: never) => Promise<object>;

const plays: Record<ScenarioId | 's4-prepare', Play> = {
  s1: playTyping,
  s2: playSaturation,
  s2b: playCrowding,
  s3: playManyDocuments,
  s4: playOpening,
  's4-prepare': prepareOpening,
  s5: playReconnecting,
  s6: playStarting,
};

const [peer = '', scenario = '', order = '{}'] = process.argv.slice(2);
if (!isPeerId(peer)) throw new Error(`no peer '${peer}'`);
if (!isScenarioId(scenario) && scenario !== 's4-prepare') throw new Error(`no scenario '${scenario}'`);
const figures = await plays[scenario](peer, JSON.parse(order) as never);
const ownMs = ownCpuMsIn(readFileSync('/proc/self/stat', 'utf8'));
process.stdout.write(`${JSON.stringify({ figures, ownMs })}\n`);
process.exit(0);
