/** What one may ask of `npm run bench`. */
import { parseArgs } from 'node:util';
import { isPeerId, type PeerId, peers } from '#tests/bench/peers.ts';
import { isScenarioId, type ScenarioId, scenarioIds } from '#tests/bench/trials.ts';

/** A run as asked for. */
export interface Options {
  quick: boolean;
  scenarios: readonly ScenarioId[];
  peers: readonly PeerId[];
  runs: number;
  /** Whether to go on when something else uses the cores. */
  busy: boolean;
}

/** @throws Error in plain words for what is not known */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
      peer: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '3' },
      busy: { type: 'boolean', default: false },
    },
  });
  const unknownPeer = values.peer.find((each) => !isPeerId(each));
  if (unknownPeer !== undefined)
    throw new Error(`no peer '${unknownPeer}': ${Object.keys(peers).join(', ')}`);
  const unknown = values.scenario.find((each) => !isScenarioId(each));
  if (unknown !== undefined) throw new Error(`no scenario '${unknown}': ${scenarioIds.join(', ')}`);
  return {
    quick: values.quick,
    busy: values.busy,
    runs: Math.max(1, Number.parseInt(values.runs, 10)),
    scenarios: values.scenario.length === 0 ? scenarioIds : values.scenario.filter(isScenarioId),
    peers: values.peer.length === 0 ? Object.keys(peers).filter(isPeerId) : values.peer.filter(isPeerId),
  };
}
