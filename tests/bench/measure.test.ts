/** What the benchmark counts and computes is right, and its clients write what Yjs reads. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Ledger } from '#tests/bench/load/ledger.ts';
import { readUpdate } from '#tests/bench/load/peer-client.ts';
import { rootName, Typist } from '#tests/bench/load/typist.ts';
import { delaysOf, Histogram } from '#tests/bench/measure/histogram.ts';
import { othersShare } from '#tests/bench/measure/machine.ts';
import { coreTimesIn, cpuMsIn, ownCpuMsIn } from '#tests/bench/measure/process-meter.ts';
import { ratioOf, ratiosOf } from '#tests/bench/measure/ratios.ts';
import { Results } from '#tests/bench/measure/results.ts';
import { median, spreadOf } from '#tests/bench/measure/statistics.ts';
import { replaceFigures, tableOf } from '#tests/bench/measure/table.ts';

describe('the typist', () => {
  test('[HO30] what is typed is what Yjs reads, keystroke by keystroke and merged', () => {
    const [anna, bela] = [new Typist(11, 'anna '), new Typist(4_000_000_000, 'béla')];
    const updates = [anna.open(), bela.open(), anna.type(), bela.type(3), anna.type(6), bela.type()];
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    const paragraphs = doc.getXmlFragment(rootName).toArray().map(String).sort();
    expect(paragraphs).toEqual(['<paragraph>anna an</paragraph>', '<paragraph>béla</paragraph>']);
    expect([anna.text(), bela.text()]).toEqual(['anna an', 'béla']);
    expect(doc.store.pendingStructs).toBeNull();
  });

  test('[HO30] a browser that types the same makes the same bytes', () => {
    const typist = new Typist(5, 'ab');
    const doc = new Y.Doc();
    doc.clientID = 5;
    const made: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => made.push(update));
    const text = new Y.XmlText();
    const paragraph = new Y.XmlElement('paragraph');
    doc.transact(() => {
      doc.getXmlFragment(rootName).insert(0, [paragraph]);
      paragraph.insert(0, [text]);
    });
    text.insert(0, 'a');
    text.insert(1, 'b');
    expect(made.map((update) => [...update])).toEqual(
      [typist.open(), typist.type(), typist.type()].map((each) => [...each]),
    );
  });

  test('[HO30] the clocks of an update are read as one range', () => {
    const typist = new Typist(5);
    typist.open();
    expect(readUpdate(typist.type(4)).ranges).toEqual([{ client: 5, from: 2, to: 6 }]);
  });
});

describe('the ledger', () => {
  test('[HO31] each edit counts once for each other person, and what is missing is missing', () => {
    const delays = new Histogram();
    const ledger = new Ledger([1, 2, 3], delays);
    ledger.made(0, 2, 100, 5);
    expect(ledger.missingFor(3)).toBe(4);
    ledger.got(1, [{ client: 1, from: 0, to: 2 }], 110);
    ledger.got(1, [{ client: 1, from: 0, to: 2 }], 120);
    ledger.got(0, [{ client: 1, from: 0, to: 2 }], 120);
    expect([ledger.deliveries, ledger.missingFor(3), ledger.holes]).toEqual([2, 2, 0]);
    expect([delays.percentile(0.5), delays.percentile(1)]).toEqual([5, 10]);
    ledger.got(2, [{ client: 1, from: 1, to: 2 }], 130);
    expect(ledger.holes).toBe(1);
  });
});

describe('figures', () => {
  test('[HO32] percentiles are the nearest rank', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 100; ms += 1) histogram.add(ms);
    expect(delaysOf(histogram)).toEqual({ p50: 50, p95: 95, p99: 99 });
    histogram.clear();
    expect(histogram.percentile(0.99)).toBe(0);
  });

  test('[HO32] medians and spreads', () => {
    expect([median([3, 1, 2]), median([4, 1])]).toEqual([2, 2.5]);
    expect(() => median([])).toThrow(RangeError);
    expect(spreadOf([2, 9, 4])).toEqual({ median: 4, min: 2, max: 9 });
  });

  test('[HO32] CPU time is read whatever a process is called, and others are told from one’s own', () => {
    const stat = `42 (a (b) c) S ${Array.from({ length: 10 }, () => 0).join(' ')} 250 50 7 3 20`;
    expect([cpuMsIn(stat), ownCpuMsIn(stat)]).toEqual([3_000, 3_100]);
    const cores = coreTimesIn('cpu  9 9 9 9\ncpu0 10 0 10 80 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0\nintr 1');
    expect(cores).toEqual([
      { busyMs: 200, idleMs: 800 },
      { busyMs: 0, idleMs: 1_000 },
    ]);
    const idle = cores.map(() => ({ busyMs: 0, idleMs: 0 }));
    expect(othersShare(idle, cores, 50)).toBeCloseTo(0.15);
  });

  test('[HO33] ratios are ours to the best peer, whichever way is better, and null without a figure', () => {
    expect(ratioOf(2, [8, 4, null], 'less')).toBe(0.5);
    expect(ratioOf(9, [1, 3], 'more')).toBe(3);
    expect([ratioOf(null, [1], 'less'), ratioOf(1, [null], 'more')]).toEqual([null, null]);
    const results = new Results();
    results.add('s1-100', 'hub', { cpuUsPerDelivery: 1, wrong: [] });
    results.add('s1-100', 'relay', { cpuUsPerDelivery: 0.1, wrong: [] });
    results.add('s1-100', 'one', { cpuUsPerDelivery: 4, wrong: [] });
    results.add('s1-100', 'other', { cpuUsPerDelivery: 5, wrong: [] });
    const find = (peer: string, trial: string, figure: string) =>
      results.spread(trial, peer, figure)?.median ?? null;
    expect(ratiosOf(find, ['one', 'other'])).toEqual({
      fanoutCpu: 0.25,
      saturation: null,
      memory: null,
      openCold: null,
      reconnect: null,
    });
  });

  test('[HO33] the table shows medians with their spread, marks what was wrong, and goes between its markers', () => {
    const results = new Results();
    for (const p99 of [3, 1, 2]) results.add('s1-10', 'hub', { delays: { p99 }, wrong: [] });
    results.add('s1-10', 'one', { delays: { p99: 7 }, wrong: ['1 edit unseen'] });
    const table = tableOf(results, [
      { peer: 'hub', heading: 'ours' },
      { peer: 'one', heading: 'one 1.0' },
    ]);
    expect(table.split('\n')).toEqual([
      '| | ours | one 1.0 |',
      '|---|---|---|',
      '| S1, 10 people: p99 ms | 2.00 (1.00–3.00) | 7.00 \\* |',
    ]);
    const page = 'a\n<!-- figures: written by npm run bench -->\nold\n<!-- end of figures -->\nb';
    expect(replaceFigures(page, 'new')).not.toContain('old');
    expect(() => replaceFigures('a page', 'new')).toThrow('no place');
  });
});
