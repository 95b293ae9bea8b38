/** The two kinds of time in the language: what each knows, what it refuses and where, and what is printed of it. */
import { describe, expect, it } from 'vitest';
import { complaints, load, small } from './helpers.js';

const rounds = (more = ''): string =>
  small(`timing: rounds\ndissemination: { mode: push, interval: 1s }\n${more}`);

describe('what has no meaning in rounds is refused, with its place', () => {
  it.each([
    ['network: { latency: 10ms }', '6:21: network.latency: this has no meaning in rounds'],
    ['network: { jitter: 1ms }', '6:20: network.jitter: this has no meaning in rounds'],
    ['activation: poisson', '6:13: activation: this has no meaning in rounds'],
    [
      'workload: [{ broadcast: {}, every: 1500ms }]',
      'workload[0]: a workload whose every is no whole number',
    ],
    ['faults: [{ partition: { groups: [{ count: 2 }], effect: hold }, at: 1s }]', 'faults[0]'],
  ])('%s', (line, expected) => {
    expect(complaints(rounds(`${line}\n`)).join('\n')).toContain(expected);
  });

  it('protocols that know no rounds', () => {
    const text = small('timing: rounds\ndissemination: flood\n');
    expect(complaints(text)).toEqual([
      expect.stringContaining('dissemination: the protocol flood has no meaning in rounds') as string,
    ]);
  });

  it.each(['push', 'pull', 'push-pull'])('anti-entropy beside %s, which has a rhythm of its own', (mode) => {
    const text = small(`timing: rounds\ndissemination:\n  mode: ${mode}\n  antiEntropy: { interval: 5s }\n`);
    const at = 'scenario.yaml:7:16: dissemination.antiEntropy';
    expect(complaints(text)).toEqual([
      expect.stringContaining(`${at}: antiEntropy of ${mode} has no meaning in rounds`) as string,
    ]);
    expect(() => load(text.replace('timing: rounds\n', ''))).not.toThrow();
  });
});

describe('lossPer', () => {
  it.each([
    ['', 'message'],
    ['network: { loss: 0.1, lossPer: message }\n', 'message'],
  ])('in events, %j is %s', (line, expected) => {
    const { experiment, resolved } = load(small(line));
    expect(experiment.network.lossPer).toBe(expected);
    expect(resolved.network).toMatchObject({ lossPer: expected });
  });

  it.each([
    ['', 'call'],
    ['network: { loss: 0.1, lossPer: message }\n', 'message'],
    ['network: { loss: 0.1, lossPer: call }\n', 'call'],
  ])('in rounds, %j is %s', (line, expected) => {
    expect(load(rounds(line)).experiment.network.lossPer).toBe(expected);
  });

  it('events know no calls', () => {
    expect(complaints(small('network: { lossPer: call }\n'))).toEqual([
      expect.stringContaining('4:21: network.lossPer: in events each message travels by itself') as string,
    ]);
  });
});

describe('rumor', () => {
  it.each([
    ['every: 1s', 'workload[0].every: a rumor happens at one moment'],
    ['until: 5s', 'workload[0].until: a rumor happens at one moment'],
    [
      'broadcast: {}',
      'workload[0]: expected one of broadcast, rumor, increment, write, erase, add or remove, found broadcast and rumor',
    ],
  ])('refuses %s', (more, expected) => {
    expect(complaints(small(`workload: [{ rumor: {}, ${more} }]\n`)).join('\n')).toContain(expected);
  });

  it('starts at 0s, at one node, and counts to the end of the run', () => {
    expect(load(small('workload: [{ rumor: {} }]\n')).experiment.workload).toMatchObject([
      { who: { count: 1 }, atUs: 0, everyUs: 0, deadlineUs: Infinity },
    ]);
  });
});
