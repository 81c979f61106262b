/** What one may ask of `npm run bench`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPeerId, type PeerId, peers } from '#tests/bench/peers.ts';
import { isScenarioId, type ScenarioId, scenarioIds } from '#tests/bench/trials.ts';
import { projectRoot } from '#tests/support/project-files.ts';

/** A run as asked for. */
export interface Options {
  quick: boolean;
  scenarios: readonly ScenarioId[];
  peers: readonly PeerId[];
  runs: number;
  /** Takes every trial, also when something else uses the cores. */
  busy: boolean;
  /** The trace of S4; a stand-in is made up when it is not there. */
  tracePath: string;
  /** Whether docs/performance.md is written: by a run of everything, a quick one only when asked to. */
  write: boolean;
}

/** @throws Error in plain words for what is not known */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
      peer: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      write: { type: 'boolean', default: false },
      busy: { type: 'boolean', default: false },
      trace: { type: 'string', default: process.env['BENCH_TRACE'] ?? defaultTrace },
    },
  });
  const unknownPeer = values.peer.find((each) => !isPeerId(each));
  if (unknownPeer !== undefined)
    throw new Error(`no peer '${unknownPeer}': ${Object.keys(peers).join(', ')}`);
  const unknown = values.scenario.find((each) => !isScenarioId(each));
  if (unknown !== undefined) throw new Error(`no scenario '${unknown}': ${scenarioIds.join(', ')}`);
  const { quick, busy, trace } = values;
  // The relay is no peer, so a quick run does without it.
  const everybody = Object.keys(peers)
    .filter(isPeerId)
    .filter((id) => !quick || peers[id].isServer);
  const isWhole = values.scenario.length === 0 && values.peer.length === 0;
  return {
    quick,
    busy,
    tracePath: trace,
    runs: Math.max(1, Number.parseInt(values.runs ?? (quick ? '1' : '3'), 10)),
    scenarios: values.scenario.length === 0 ? scenarioIds : values.scenario.filter(isScenarioId),
    peers: values.peer.length === 0 ? everybody : values.peer.filter(isPeerId),
    write: isWhole && (!quick || values.write),
  };
}

/** Beside the project's folder, where it is too large to be part of it. */
const defaultTrace = join(projectRoot, '../shared/traces/automerge-paper.json.gz');
