/** A run's result for a reader: the verdict first, then what was measured, what went wrong on purpose, and how to repeat it. */
import { bad, dim, good, strong, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatDuration, formatNumber, formatShare, formatSize } from '../base/units.js';
import { aggregationBlocks } from './simulate-aggregation.js';
import { assertionBlocks, missingParts } from './simulate-assertions.js';
import { detectionBlocks } from './simulate-checks.js';
import { detectorBlocks } from './simulate-detector.js';
import { linkBlocks } from './simulate-links.js';
import { hierarchyBlocks } from './simulate-hierarchy.js';
import { overlayBlocks } from './simulate-overlay.js';
import { partitionBlocks } from './simulate-partition.js';
import { churnBlocks } from './simulate-churn.js';
import { processingBlocks } from './simulate-processing.js';
import { syncBlocks } from './simulate-sync.js';
import { episodeBlocks, trustBlocks } from './simulate-trust.js';
import { replicationBlocks } from './simulate-replication.js';
import { targetBlocks } from './simulate-targets.js';
import type { RunStatus, SimulateResult } from '../model/result.js';

const none = dim('-');

const verdicts: Readonly<Record<RunStatus, Span>> = {
  passed: good('passed'),
  failed: bad('failed'),
  invalid: bad('invalid'),
  interrupted: warn('interrupted'),
};

function share(value: number | null): Line {
  return value === null ? none : formatShare(value);
}

/** A verdict is about what was asked to hold, and not about figures that may look bad beside it. */
function askedText({ assertions, status }: SimulateResult): Line {
  const all = assertions.length;
  if (all === 0) return dim('none: nothing was asked to hold');
  const held = assertions.filter((assertion) => assertion.status === 'passed').length;
  const words = `${formatCount(held)} of ${formatCount(all)} held`;
  return held === all || status === 'interrupted' ? words : bad(words);
}

function verdictBlock(result: SimulateResult): Block {
  const { metrics } = result;
  return {
    kind: 'facts',
    rows: [
      ['verdict', verdicts[result.status]],
      ['assertions', askedText(result)],
      ['nodes', `${formatCount(metrics.totalNodes)} (${formatCount(metrics.nodesUp)} up at the end)`],
      [
        'virtual time',
        result.timing === 'events'
          ? formatDuration(result.stoppedAtMs * 1000)
          : [formatDuration(result.stoppedAtMs * 1000), dim(`  in rounds, loss by ${result.lossPer}`)],
      ],
      ['fingerprint', [strong(result.fingerprint), dim(`  seed ${result.seed}`)]],
    ],
  };
}

/** Only gossip has cycles or rounds; for floods there is nothing to say, unless the run was to go on until all hold the same. */
function convergenceRow({ metrics, timing, stopWhen }: SimulateResult): [string, Line][] {
  const { convergenceRounds, convergenceCycles, convergenceTime, residue } = metrics;
  const left = residue === null || residue === 0 ? '' : `; ${formatShare(residue)} never heard`;
  const count = convergenceRounds ?? convergenceCycles;
  if (convergenceTime === null || count === null) {
    if (metrics.publications === 0 || (timing === 'events' && stopWhen === null)) return [];
    if (convergenceTime === null) return [['converged', [warn('not'), left]]];
    return [['converged', `after ${formatDuration(convergenceTime * 1000)}${left}`]];
  }
  const word = convergenceRounds === null ? 'cycle' : 'round';
  const times = `${formatCount(count)} ${count === 1 ? word : `${word}s`}`;
  return [['converged', `after ${times}, ${formatDuration(convergenceTime * 1000)}${left}`]];
}

/** Rates mean little where time goes in rounds: there, what a node did in the whole run. */
function costText({ metrics }: SimulateResult): string {
  const { callsPerNode, payloadsPerNode, messagesPerNode, bytesPerNode } = metrics;
  return callsPerNode === null
    ? `${formatNumber(messagesPerNode.mean)} messages, ${formatSize(bytesPerNode.mean)} a node and second`
    : `${formatNumber(callsPerNode)} calls, ${formatNumber(payloadsPerNode)} payloads a node; ${formatSize(bytesPerNode.mean)} a node and second`;
}

/** Why a percentile is "never". */
function neverCame(deliveryRatio: number | null): string {
  return deliveryRatio === null ? '' : ` (${formatShare(1 - deliveryRatio)} never came)`;
}

/** What of its three parts each brought, by the formula of `networkHealth`. */
function healthParts({
  networkHealth,
  deliveryRatio,
  nodesUp,
  totalNodes,
}: SimulateResult['metrics']): string {
  const delivery = 50 * (deliveryRatio ?? 0);
  const up = (30 * nodesUp) / totalNodes;
  const unflagged = (networkHealth ?? 0) - delivery - up;
  const [a, b, c] = [delivery, up, unflagged].map((part) => formatNumber(Math.round(part * 10) / 10));
  return `: ${a}/50 delivery, ${b}/30 up, ${c}/20 unflagged`;
}

function deliveryBlock(result: SimulateResult): Block {
  const { metrics } = result;
  // Nothing was published: what follows would be a column of dashes.
  if (metrics.publications + metrics.censored + metrics.inWarmup === 0)
    return { kind: 'facts', rows: [...convergenceRow(result), ['cost', costText(result)]] };
  const latency = metrics.disseminationLatency;
  const left = [
    metrics.censored > 0 ? `${formatCount(metrics.censored)} too late to judge` : '',
    metrics.inWarmup > 0 ? `${formatCount(metrics.inWarmup)} in the warm-up` : '',
  ].filter((text) => text !== '');
  const percentile = (name: string, ms: number | null): string =>
    `${name} ${ms === null ? 'never' : formatDuration(ms * 1000)}`;
  return {
    kind: 'facts',
    rows: [
      [
        'messages',
        `${formatCount(metrics.publications)}${left.length > 0 ? ` (and ${left.join(', ')})` : ''}`,
      ],
      ['delivered', share(metrics.deliveryRatio)],
      ['reached everyone', share(metrics.completeShare)],
      ['worst node got', share(metrics.worstNodeDeliveryRatio)],
      [
        'latency',
        metrics.publications === 0
          ? none
          : [
              [
                percentile('p50', latency.p50),
                percentile('p99', latency.p99),
                percentile('max', latency.max),
              ].join(', '),
              dim(
                metrics.deliveryRatio === 1 || latency.max !== null ? '' : neverCame(metrics.deliveryRatio),
              ),
            ],
      ],
      ...convergenceRow(result),
      [
        'hops',
        metrics.hops.mean === null
          ? none
          : `mean ${formatNumber(metrics.hops.mean)}, max ${formatNumber(metrics.hops.max ?? 0)}`,
      ],
      ['cost', costText(result)],
      [
        'redundancy',
        metrics.duplicates === null
          ? none
          : `${formatNumber(metrics.duplicates)} copies beyond the one that is needed`,
      ],
      [
        'steps',
        metrics.stepMax === null
          ? none
          : `highest ${formatCount(metrics.stepMax)}, apart by ${formatNumber(metrics.syncDivergence.end ?? 0)} at the end and ${formatNumber(metrics.syncDivergence.max ?? 0)} at most`,
      ],
      [
        'health',
        metrics.networkHealth === null
          ? none
          : [`${formatNumber(metrics.networkHealth)} of 100`, dim(healthParts(metrics))],
      ],
    ],
  };
}

function faultBlocks(result: SimulateResult): Block[] {
  const rows = [...result.faults, ...result.adversaries].map((touched): Line[] => [
    showText(touched.id, 24),
    touched.kind,
    formatCount(touched.fired),
    formatCount(touched.affectedMessages),
    formatCount(touched.affectedNodes),
  ]);
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'Faults and liars' },
    {
      kind: 'table',
      head: ['id', 'kind', 'began', 'messages', 'nodes'],
      align: ['left', 'left', 'right', 'right', 'right'],
      rows,
    },
  ];
}

/** What `mesh simulate` has to say. */
export interface SimulateSummary {
  readonly result: SimulateResult;
  /** What the reader should know about the input; escaped already. */
  readonly remarks: readonly string[];
  readonly messagesWritten?: number;
  readonly determinism?: { readonly same: boolean; readonly difference?: string };
}

function determinismLine({ same, difference }: { same: boolean; difference?: string }): Line {
  if (same) return [good('deterministic'), ': a second run gave the same result, byte for byte.'];
  return [bad('not deterministic'), `: ${difference ?? 'a second run gave another result'}.`];
}

/** @param recipe the command that repeats the run */
export function simulateBlocks(summary: SimulateSummary, recipe: string): Block[] {
  const { result, remarks, messagesWritten, determinism } = summary;
  const { engine } = result;
  const blocks: Block[] = [
    { kind: 'heading', text: showText(result.scenario) },
    verdictBlock(result),
    deliveryBlock(result),
    ...faultBlocks(result),
    ...linkBlocks(result.links),
    ...detectionBlocks(result),
    ...processingBlocks(result.processing, result.authentication),
    ...trustBlocks(result.trust),
    ...churnBlocks(result.churn),
    ...syncBlocks(result.sync),
    ...overlayBlocks(result.peers),
    ...detectorBlocks(result.detector),
    ...partitionBlocks(result.partition),
    ...episodeBlocks(result.episodes),
    ...aggregationBlocks(result.aggregation),
    ...hierarchyBlocks(result.hierarchy),
    ...replicationBlocks(result.replication),
    ...targetBlocks([
      ...(result.targets ?? []),
      ...(engine.memoryTarget === undefined ? [] : [engine.memoryTarget]),
    ]),
    ...assertionBlocks(result),
  ];
  if (result.invalidBecause.length > 0) {
    const reasons = result.invalidBecause.map((reason) => bad(showText(reason, 200)));
    blocks.push({ kind: 'text', lines: [...reasons, ...missingParts(result.assertions)] });
  }
  const notes: Line[] = remarks.map((remark) => dim(remark));
  if (determinism !== undefined) notes.push(determinismLine(determinism));
  if (messagesWritten !== undefined) notes.push(`${formatCount(messagesWritten)} messages written.`);
  notes.push(
    dim(
      `${formatCount(engine.events)} events in ${formatDuration(engine.wallMs * 1000)}, ${formatNumber(engine.eventsPerSecond / 1e6)} M/s.`,
    ),
    ['repeat with: ', strong(recipe)],
  );
  blocks.push({ kind: 'text', lines: notes });
  return blocks;
}
