/** The use case of `mesh topology`: what it makes, says, writes and draws. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTopology, examineTopology, topologyText, writeTopology } from '../../src/core/app/topology.js';
import { topologyList } from '../../src/core/app/topology-list.js';
import { RandomStream } from '../../src/core/base/random.js';
import { springPlaces } from '../../src/core/parts/graph-layout.js';
import { topologyBlocks } from '../../src/core/reports/topology.js';
import { topologySvg } from '../../src/core/reports/topology-svg.js';
import { graphFormats } from '../../src/core/topologies/formats/registry.js';
import { topologies } from '../../src/core/topologies/registry.js';
import { runMesh } from '../helpers/run-mesh.js';
import { build, rowsOf, world } from './world.js';

const abilenePath = fileURLToPath(new URL('../../examples/topologies/abilene.graphml', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'topology-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function made(type: string, nodeCount: number | undefined, ...settings: string[]) {
  return buildTopology({ type, nodeCount, seed: 1, settings });
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
  throw new Error('nothing was refused');
}

describe('generating', () => {
  it('gives the graph that a scenario with this seed runs on', () => {
    // The stream "topology" of the seed, as the loader of scenarios hands it over.
    const context = { ...world(300), chance: RandomStream.named(5, 'topology') };
    const here = buildTopology({
      type: 'watts-strogatz',
      nodeCount: 300,
      seed: 5,
      settings: ['k=6', 'beta=0.3'],
    });
    expect(rowsOf(here.layout.graph)).toEqual(
      rowsOf(build('watts-strogatz', context, { k: 6, beta: 0.3 }).graph),
    );
  });

  it('reads settings by the rules of the scenario language', () => {
    expect(made('k-out', 50, 'k=2', 'directed=true').layout.graph.directed).toBe(true);
    expect(made('explicit', undefined, 'edges=0-1-2').layout.graph.edgeCount).toBe(2);
    expect(made('file', undefined, `path=${abilenePath}`, 'format=graphml').layout.graph.nodeCount).toBe(11);
  });

  it.each<[string, string[], string]>([
    ['ring', ['k=4'], 'unknown key "k", expected no keys'],
    ['watts-strogatz', ['bata=0.1'], 'Did you mean beta?'],
    ['watts-strogatz', ['k=many'], 'expected an integer from 2 to 2^53-1, found "many"'],
    ['watts-strogatz', ['beta=1.5'], 'expected a number from 0 to 1'],
    ['watts-strogatz', ['k=4', 'k=6'], 'it is set twice'],
    ['watts-strogatz', ['k'], 'expected a name and a value, such as k=8'],
    ['watts-strogatz', ['__proto__=4'], 'unknown key'],
    ['file', [], '"path" is missing'],
  ])('%s with %j is refused', async (type, settings, expected) => {
    expect(await refusal(() => made(type, 100, ...settings))).toContain(expected);
  });

  it('names the nearest kind', async () => {
    expect(await refusal(() => made('waffle-strogatz', 10))).toContain('unknown topology "waffle-strogatz"');
  });
});

describe('examining', () => {
  it('tells the figures of Abilene', () => {
    const result = examineTopology(made('file', undefined, `path=${abilenePath}`));
    expect(result).toMatchObject({
      nodes: 11,
      edges: 14,
      located: 11,
      statistics: { distance: { diameter: 5, exact: true } },
    });
    expect(JSON.stringify(topologyBlocks(result, 'a\u001b[2Jb'))).toContain('a\\\\u001b[2Jb');
  });

  it('does not try to walk through half a trillion edges', () => {
    const result = examineTopology(made('complete', 1_000_000));
    expect(result).toMatchObject({ edges: 499_999_500_000, statistics: null });
    expect(result.remarks.join()).toContain('too many to examine');
  });
});

describe('writing', () => {
  const outputs = { title: 'x', force: false, inputs: [] };

  it.each(graphFormats.names)('%s, to a file that reads as the same graph', async (format) => {
    const graph = path.join(folder, `small.${format}`);
    const source = made('regions', 60);
    await writeTopology(source, { ...outputs, graph, format });
    const back = made('file', 60, `path=${graph}`, `format=${format}`);
    // A list of edges gives numbers back in order; all others keep it.
    expect(rowsOf(back.layout.graph)).toEqual(rowsOf(source.layout.graph));
    expect(await readFile(graph, 'utf8')).toBe([...topologyText(source, format)].join(''));
  });

  it('replaces nothing unless forced, never an input, and leaves no half of two outputs', async () => {
    const graph = path.join(folder, 'taken.json');
    const svg = path.join(folder, 'fresh.svg');
    await writeFile(graph, 'mine');
    const source = made('ring', 5);
    expect(await refusal(() => writeTopology(source, { ...outputs, graph, svg }))).toContain('output-exists');
    expect(
      await refusal(() => writeTopology(source, { ...outputs, graph, force: true, inputs: [graph] })),
    ).toContain('output-is-input');
    expect(await readFile(graph, 'utf8')).toBe('mine');
    expect(
      (await readdir(folder)).filter((name) => name.startsWith('fresh') || name.endsWith('.tmp')),
    ).toEqual([]);
    await writeTopology(source, { ...outputs, graph, svg, force: true });
    expect(await readFile(graph, 'utf8')).toContain('"links"');
    expect(await readFile(svg, 'utf8')).toContain('<svg');
  });

  it('refuses endings that say nothing, and pictures that would be black', async () => {
    expect(
      await refusal(() => writeTopology(made('ring', 5), { ...outputs, graph: path.join(folder, 'x.bin') })),
    ).toContain('does not say which format');
    expect(
      await refusal(() =>
        writeTopology(made('ring', 50_000), { ...outputs, svg: path.join(folder, 'x.svg') }),
      ),
    ).toContain('a black page');
    expect(await refusal(() => topologyText(made('complete', 100_000), 'dot'))).toContain('too-expensive');
  });
});

/** Every element of an SVG with its attributes; throws when it is not well-formed XML. */
function elementsOf(svg: string) {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes: { ...attributes } }));
  parser.write(svg).close();
  return elements;
}

function draw(type: string, nodeCount: number, given: Record<string, unknown> = {}) {
  const layout = build(type, world(nodeCount), given);
  const places = springPlaces(layout.graph, RandomStream.named(1, 'picture'));
  return { layout, places, svg: [...topologySvg(layout, { ...places, geographic: false }, type)].join('') };
}

describe('drawing', () => {
  it.each<[string, number, Record<string, unknown>]>([
    ['ring', 1, {}],
    ['ring', 2, {}],
    ['star', 40, {}],
    ['erdos-renyi', 150, { meanDegree: 1 }],
    ['regions', 90, {}],
    ['watts-strogatz', 400, {}],
  ])('%s of %i: a circle for each node, all on the page, the same each time', (type, nodeCount, given) => {
    const { svg } = draw(type, nodeCount, given);
    const circles = elementsOf(svg).filter(
      ({ name, attributes }) => name === 'circle' && attributes.cy !== '778',
    );
    expect(circles).toHaveLength(nodeCount);
    for (const { attributes } of circles) {
      expect(Number(attributes.cx) >= 0 && Number(attributes.cx) <= 1200).toBe(true);
      expect(Number(attributes.cy) >= 60 && Number(attributes.cy) <= 760).toBe(true);
    }
    expect(draw(type, nodeCount, given).svg).toBe(svg);
  });

  it('keeps neighbours near and strangers apart', () => {
    // Along a chain, distance on the page grows with distance in hops.
    const { places } = draw('line', 30);
    const between = (a: number, b: number): number =>
      Math.hypot(places.xs[a] - places.xs[b], places.ys[a] - places.ys[b]);
    for (let node = 1; node < 30; node++) expect(between(node - 1, node)).toBeLessThan(between(0, 29) / 5);
    // Components do not overlap: the boxes of two cliques are apart.
    const isles = draw('explicit', 6, { edges: '0-1-2-0, 3-4-5-3' }).places;
    const box = (from: number): number[] => [0, 1, 2].map((i) => isles.xs[from + i]);
    const [a, b] = [box(0), box(3)];
    const apart = Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
    const rows = [0, 1, 2].map((i) => isles.ys[i]);
    expect(
      apart ||
        Math.max(...rows) < Math.min(isles.ys[3], isles.ys[4], isles.ys[5]) ||
        Math.min(...rows) > Math.max(isles.ys[3], isles.ys[4], isles.ys[5]),
    ).toBe(true);
  });

  it('lets no name out of its text', () => {
    const layout = {
      ...build('ring', world(3)),
      names: ['</text><script>alert(1)</script>', '" onload="x', '\u202e\u001b[2J\u0000'],
      regions: ['<b>', '&', "'"],
    };
    const places = springPlaces(layout.graph, RandomStream.named(1, 'picture'));
    const svg = [...topologySvg(layout, { ...places, geographic: false }, '<img src=x>')].join('');
    expect(new Set(elementsOf(svg).map(({ name }) => name))).toEqual(
      new Set(['svg', 'title', 'rect', 'text', 'g', 'path', 'circle']),
    );
    expect(svg).not.toContain('<script');
    // eslint-disable-next-line no-control-regex -- that none of them comes through is the point
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('draws a map where there are coordinates, with a scale, strays near their neighbours', async () => {
    const svg = path.join(folder, 'geant.svg');
    const geant = fileURLToPath(new URL('../data/topologies/Geant2012.graphml', import.meta.url));
    await writeTopology(made('file', undefined, `path=${geant}`), {
      title: 'geant',
      force: true,
      inputs: [],
      svg,
    });
    const text = await readFile(svg, 'utf8');
    expect(elementsOf(text).filter(({ name }) => name === 'circle')).toHaveLength(40);
    expect(text).toMatch(/1,000 km/);
    expect(text).not.toContain('NaN');
  });
});

describe('the list and the docs', () => {
  it('name every kind, format and parameter', async () => {
    const docs = await readFile(new URL('../../docs/topologies.md', import.meta.url), 'utf8');
    const list = JSON.stringify(topologyList(undefined));
    for (const { name, summary, knobs } of topologies) {
      expect(list).toContain(summary);
      expect(docs).toContain(`\`${name}\``);
      const own = JSON.stringify(topologyList(name));
      for (const knob of Object.keys(knobs as object)) {
        expect(own).toContain(knob);
        expect(docs, `${name}: ${knob}`).toContain(`\`${knob}\``);
      }
    }
    for (const { name, extensions } of graphFormats) {
      expect(docs).toContain(`\`${name}\``);
      for (const extension of extensions) expect(docs).toContain(`.${extension}`);
    }
  });
});

it.each([
  [['generate', 'watts-strogatz'], /Set --nodes\.$/],
  [['generate', 'watts-strogatz', '--k', '8'], /unknown flag "--k"\. .* --set k=8\.$/],
  [['generate', 'watts-strogatz', '--beta=0.1'], /--set beta=0\.1\.$/],
  [['generate', 'ring', '--nodse', '8'], /Did you mean --nodes\?$/],
  [['inspect', '.'], /it is a folder/],
])('%j says what to do next', async (words, message) => {
  const { exitCode, stderr } = await runMesh(['topology', ...words]);
  expect(exitCode).toBe(2);
  expect(stderr.trimEnd()).toMatch(message);
});

it('usage lines say nothing of flags that exclude each other', async () => {
  for (const command of ['simulate', 'observe', 'bench']) {
    const { stdout } = await runMesh([command, '--help']);
    const usage = /USAGE\n([\s\S]*?)\n\n/.exec(stdout)?.[1] ?? '';
    expect(usage).toMatch(/--json/);
    expect(usage).not.toMatch(/\||\[[^\]]*\[/);
    // What every command has is explained last, and no paragraph is broken where the source is.
    const headings = [...stdout.matchAll(/^([A-Z ]*FLAGS)$/gm)].map(([, heading]) => heading);
    expect(headings.at(-1)).toBe('GLOBAL FLAGS');
    if (command !== 'bench') expect(headings.length).toBeGreaterThanOrEqual(5);
  }
});
