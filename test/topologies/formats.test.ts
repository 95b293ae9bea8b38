/** Every format reads what it wrote, and refuses what it cannot read with file and line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Layout } from '../../src/core/model/topology.js';
import { GraphBuilder } from '../../src/core/parts/graph.js';
import { GraphCollector } from '../../src/core/parts/graph-file.js';
import { graphFormats } from '../../src/core/topologies/formats/registry.js';
import { build, mishap, realFile, rowsOf, world } from './world.js';

function readAs(format: string, text: string): Layout {
  const into = new GraphCollector(`x.${format}`);
  graphFormats.get(format).read(text, into, {});
  return into.layout();
}

const writeAs = (format: string, layout: Layout): string =>
  [...graphFormats.get(format).write(layout)].join('');

/** Edges by name, the order of nodes aside. */
function namedEdges(layout: Layout): string[] {
  const name = (node: number): string => layout.names?.[node] ?? String(node);
  return rowsOf(layout.graph)
    .flatMap((row, from) => row.map((to) => JSON.stringify([name(from), name(to)])))
    .sort();
}

const carriesAll = ['graphml', 'gml', 'dot', 'json'];
const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', ' ', '&', ';', '<', '=', '-', '\n', '\u00e9', '\u{1f600}', "'", '#') }),
).map((name) => name.trim()).filter((name) => name !== ''); // prettier-ignore

const anyLayout = fc
  .uniqueArray(anyName, { minLength: 1, maxLength: 8 })
  .chain((names) =>
    fc.record({
      names: fc.constant(names),
      directed: fc.boolean(),
      edges: fc.array(fc.tuple(fc.nat(names.length - 1), fc.nat(names.length - 1)), { maxLength: 20 }),
      latitudes: fc.array(fc.double({ min: -90, max: 90, noNaN: true }), { minLength: 8, maxLength: 8 }),
      regions: fc.array(fc.constantFrom('eu', 'us "east"', ''), { minLength: 8, maxLength: 8 }),
    }),
  )
  .map(({ names, directed, edges, latitudes, regions }): Layout => {
    const builder = new GraphBuilder(names.length, directed);
    for (const [from, to] of edges) builder.add(from, to);
    return {
      graph: builder.build(),
      names,
      regions: names.map((_, i) => regions[i]),
      positions: {
        latitudes: Float64Array.from(names, (_, i) => latitudes[i]),
        longitudes: Float64Array.from(names, (_, i) => latitudes[i] * 1.5),
      },
      remarks: [],
    };
  });

/** What XML 1.0 can say at all. */
const sayable = (format: string, text: string): string =>
  format === 'graphml'
    ? // eslint-disable-next-line no-control-regex -- these are the characters that XML has no way to write
      text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').trim()
    : text;

describe('every format', () => {
  it.each(carriesAll)('%s: what it wrote it reads, names, places and regions included', (format) => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        const names = layout.names?.map((name) => sayable(format, name)) ?? [];
        fc.pre(new Set(names).size === names.length && !names.includes(''));
        const back = readAs(format, writeAs(format, layout));
        expect(rowsOf(back.graph)).toEqual(rowsOf(layout.graph));
        expect(back.graph.directed).toBe(layout.graph.directed);
        expect(back.names).toEqual(names);
        expect(back.regions ?? names.map(() => '')).toEqual(layout.regions);
        const plain = (values: Float64Array | undefined): number[] =>
          [...(values ?? [])].map((value) => value + 0);
        expect(plain(back.positions?.latitudes)).toEqual(plain(layout.positions?.latitudes));
        expect(plain(back.positions?.longitudes)).toEqual(plain(layout.positions?.longitudes));
      }),
      { numRuns: 300 },
    );
  });

  it('csv: names and edges', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        fc.pre(!layout.graph.directed && layout.names?.every((name) => !name.startsWith("'")) === true);
        const back = readAs('csv', writeAs('csv', layout));
        expect(namedEdges(back)).toEqual(namedEdges(layout));
        expect(back.graph.nodeCount).toBe(layout.graph.nodeCount);
      }),
    );
  });

  it('edge-list: nodes without edges included', () => {
    const builder = new GraphBuilder(5);
    builder.add(3, 1);
    const layout: Layout = { graph: builder.build(), remarks: [] };
    expect(writeAs('edge-list', layout)).toBe('# 5 nodes, 1 edges\n0\n2\n4\n1 3\n');
    expect(rowsOf(readAs('edge-list', writeAs('edge-list', layout)).graph)).toEqual([[], [3], [], [1], []]);
    const spaced: Layout = { ...layout, names: ['a b', 'c', 'd', 'e', 'f'] };
    expect(writeAs('edge-list', spaced)).toContain('1 3\n');
  });

  it.each(['graphml', 'json', 'csv'])('%s: measured loss in both directions', (format) => {
    const leipzig = build('file', world(), { path: 'leipzig.csv' });
    const back = readAs(format, writeAs(format, leipzig));
    expect(rowsOf(back.graph)).toEqual(rowsOf(leipzig.graph));
    rowsOf(back.graph).forEach((row, from) => {
      for (const to of row) expect(back.lossOf?.(from, to)).toBe(leipzig.lossOf?.(from, to));
    });
  });

  it.each(graphFormats.names)('%s: survives cuts and changed bytes', (format) => {
    const abilene = build('file', world(), { path: 'Abilene.graphml' });
    const whole = writeAs(format, abilene);
    for (let at = 0; at < whole.length; at += 7) {
      const code = String.fromCharCode(whole.charCodeAt(at) ^ 0x15);
      for (const text of [whole.slice(0, at), whole.slice(0, at) + code + whole.slice(at + 1)]) {
        try {
          readAs(format, text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', code: 'bad-topology-file' });
        }
      }
    }
  });

  it.each(graphFormats.names)('%s: a deep or endless file is refused or read, not a crash', (format) => {
    for (const text of ['[', '{', '"', '<a>', 'a -- {', 'graph [', '{"a":']) {
      for (const start of ['', 'graph ']) {
        try {
          readAs(format, start + text.repeat(100_000));
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', code: 'bad-topology-file' });
          expect((error as Error).message.length).toBeLessThan(500);
        }
      }
    }
  });
});

describe('GML', () => {
  it('reads what others write', () => {
    const layout = readAs(
      'gml',
      `Creator "networkx"\n# a comment\ngraph [\n directed 0\n node [ id 5 label "Caf&#233; &quot;A&quot;" graphics [ x 1.5 y -2e3 ] lat 48.5 lon 2 ]
 node [ id 9 label "B" ]\n edge [ source 9 target 5 loss 0.5 ]\n]`,
    );
    expect(layout.names).toEqual(['Caf\u00e9 "A"', 'B']);
    expect(rowsOf(layout.graph)).toEqual([[1], [0]]);
    expect(layout.lossOf?.(0, 1)).toBe(0.5);
    expect(layout.remarks).toEqual(['1 of 2 nodes have no coordinates']);
  });

  it.each([
    ['', 'x.gml: holds 0 graphs'],
    ['graph [', 'x.gml:1:8: ends too early (expected a key or ])'],
    ['graph [\n node [ label "a" ] ]', 'x.gml:2:7: node has no id'],
    ['graph [ node [ id 1 ]\n edge [ source 1 target 2 ] ]', 'x.gml:2:7: there is no node "2"'],
    ['graph [ node 5 ]', 'x.gml:1:14: node is no list'],
    ['graph [ node [ id 1 lat "north" ] ]', 'x.gml:1:25: lat is "north" (expected a number)'],
    ['graph [ ?', 'x.gml:1:9: cannot read "?"'],
  ])('refuses %j', (text, expected) => {
    expect(mishap(() => readAs('gml', text))).toContain(expected);
  });
});

describe('DOT', () => {
  it('reads chains, groups, clusters, settings and comments', () => {
    const layout = readAs(
      'dot',
      `/* a map */ strict graph "my net" {
  rankdir=LR; node [shape=box, style="filled"]; edge [color=red]
  // chains
  a -- b -- c [weight=2, loss=0.25];
  subgraph cluster_eu { label="Europe"; d; e [label="Echo \\"E\\"", latitude=52.5, longitude=-1.5] }
  a:port:n -- { d e };
  "f g" ; -1.5 -- a
}`,
    );
    expect(layout.names).toEqual(['a', 'b', 'c', 'd', 'Echo "E"', 'f g', '-1.5']);
    expect(namedEdges(layout).filter((edge) => edge.startsWith('["a"'))).toEqual([
      '["a","-1.5"]', '["a","Echo \\"E\\""]', '["a","b"]', '["a","d"]',
    ]); // prettier-ignore
    expect(layout.regions).toEqual(['', '', '', 'Europe', 'Europe', '', '']);
    expect(layout.positions?.longitudes[4]).toBe(-1.5);
    expect(layout.lossOf?.(0, 1)).toBe(0.25);
  });

  it('reads digraphs', () => {
    expect(rowsOf(readAs('dot', 'digraph { 0 -> 1 -> 0; 1 -> 2 }').graph)).toEqual([[1], [0, 2], []]);
  });

  it.each([
    ['', 'x.dot:1:1: ends too early (expected graph or digraph)'],
    ['graph {\n a -> b }', 'x.dot:2:4: cannot read "->" (expected --)'],
    ['graph { a', 'x.dot:1:10: ends too early (expected })'],
    ['graph { a [label=<b>] }', 'HTML labels are not understood'],
    ['graph { a [latitude=99] }', 'x.dot:1:9: latitude is "99" (expected a number from -90 to 90)'],
    ['graph { a -- }', 'cannot read "}" (expected a name)'],
    ['graph { a } b', 'expected nothing behind the graph'],
    [`graph {${'{'.repeat(100)}`, 'is nested too deeply'],
    ['graph {}', 'holds no node'],
  ])('refuses %j', (text, expected) => {
    expect(mishap(() => readAs('dot', text))).toContain(expected);
  });
});

describe('CSV', () => {
  it('reads quoted cells, other column names and rows with one end', () => {
    const layout = readAs('csv', '\ufeffFrom,To,loss\r\n"a, b","c ""d""",0.5\r\n\r\n"e\nf",\r\nc,c');
    expect(layout.names).toEqual(['a, b', 'c "d"', 'e\nf', 'c']);
    expect(rowsOf(layout.graph)).toEqual([[1], [0], [], []]);
    expect(layout.lossOf?.(1, 0)).toBe(0.5);
  });

  it('takes the best of parallel links', () => {
    const layout = readAs('csv', 'source,target,loss\n1,2,0.3\n1,2,0.1\n2,1,0.2\n');
    expect([layout.lossOf?.(0, 1), layout.lossOf?.(1, 0)]).toEqual([0.1, 0.1]);
    expect(layout.remarks).toEqual(['2 parallel edges were folded']);
  });

  it('takes nodes with places from a second file', () => {
    const files = {
      'l.csv': 'a,b\n1,2\n',
      'n.csv': 'id,name,lat,lon,region\n1,One,50,4,eu\n2,Two,,,\n3,Three,51,5,us\n',
    };
    const layout = build('file', world(3, 1, files), { path: 'l.csv', nodes: 'n.csv' });
    expect(layout.names).toEqual(['One', 'Two', 'Three']);
    expect(layout.regions).toEqual(['eu', '', 'us']);
    expect(layout.positions?.latitudes[2]).toBe(51);
    const dangling = { ...files, 'l.csv': 'a,b\n1,9\n' };
    expect(mishap(() => build('file', world(3, 1, dangling), { path: 'l.csv', nodes: 'n.csv' }))).toContain(
      'l.csv:2: there is no node "9"',
    );
  });

  it.each([
    ['', 'x.csv: is empty'],
    ['x,y\n1,2', 'x.csv:1: has no column source (expected one of source, from'],
    ['source,target\n"1,2', 'x.csv:2: a quoted cell has no end'],
    ['source,target\n"1"x,2', 'x.csv:2: cannot read "x" behind a quoted cell'],
    ['source,target,loss\n1,2,0.1\n2,3,1.5', 'x.csv:3: cannot use "1.5" (expected a number from 0 to 1)'],
    ['source,target\n1,2\n,', 'x.csv:3: an edge has no ends'],
    ['source,target\n', 'x.csv: holds no node'],
  ])('refuses %j', (text, expected) => {
    expect(mishap(() => readAs('csv', text))).toContain(expected);
  });
});

describe('edge lists', () => {
  it('number whole numbers by their size, and names by their first mention', () => {
    expect(readAs('edge-list', '10 2\n# comment\n\n2,0 7.5\n').names).toEqual(['0', '2', '10']);
    expect(readAs('edge-list', 'b\ta\r\na c').names).toEqual(['b', 'a', 'c']);
  });
});

describe('JSON', () => {
  it('reads bare names, pairs and edges', () => {
    expect(rowsOf(readAs('json', '{"nodes":["a","b",3],"edges":[["a","b"],{"from":"b","to":3}]}').graph)).toEqual([[1], [0, 2], [1]]); // prettier-ignore
    expect(readAs('json', '{"links":[[0,2],[2,1]]}').names).toEqual(['0', '1', '2']);
  });

  it.each([
    ['{"nodes": [1,\n 2', 'x.json:2'],
    ['[]', 'x.json: holds []'],
    ['{"nodes":[]}', 'has no list of links'],
    ['{"nodes":[{"id":1},{"id":"1"}],"links":[]}', 'node "1" is listed twice'],
    ['{"nodes":[{}],"links":[]}', 'nodes[0].id is nothing'],
    ['{"nodes":[{"id":1,"lat":"x"}],"links":[]}', 'nodes[0].latitude is "x"'],
    ['{"links":[5]}', 'links[0] is 5'],
    ['{"links":[{"source":1}]}', 'links[0].target is nothing'],
    ['{"links":[{"source":1,"target":2,"loss":-1}]}', 'links[0].loss is -1'],
    ['{"__proto__":{"links":[[1,2]]}}', 'has no list of links'],
  ])('refuses %j', (text, expected) => {
    expect(mishap(() => readAs('json', text))).toContain(expected);
  });
});

it('reads Abilene the same from every format', () => {
  const abilene = build('file', world(), { path: 'Abilene.graphml' });
  for (const format of carriesAll) {
    const files = { x: new TextEncoder().encode(writeAs(format, abilene)) };
    const back = build('file', world(11, 1, files), { path: 'x', format });
    expect(rowsOf(back.graph)).toEqual(rowsOf(abilene.graph));
    expect(back.positions).toEqual(abilene.positions);
  }
  expect(realFile('Abilene.graphml').length).toBe(9210);
});
