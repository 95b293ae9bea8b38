import { describe, expect, it } from 'vitest';
import { build, mishap, realFile, rowsOf, world } from './world.js';

const head = '<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';

function read(text: string | Uint8Array) {
  return build('file', world(undefined, 1, { 'x.graphml': text }), { path: 'x.graphml' });
}

describe('GraphML', () => {
  it('reads nodes after edges, labels, regions and losses', () => {
    const layout = read(
      `${head}<key id="a" for="node" attr.name="name"/><key id="b" for="edge" attr.name="loss"/><key id="r" attr.name="Region"/>
<graph edgedefault="undirected"><edge source="x" target="y"><data key="b">0.25</data></edge>
<node id="y"><data key="a"><![CDATA[ Y & ]]></data><data key="r">eu</data></node><node id="x"/><edge source="x" target="x"/></graph></graphml>`,
    );
    expect(layout.names).toEqual(['Y &', 'x']);
    expect(layout.regions).toEqual(['eu', '']);
    expect(rowsOf(layout.graph)).toEqual([[1], [0]]);
    expect([layout.lossOf?.(0, 1), layout.lossOf?.(1, 0), layout.lossOf?.(0, 0)]).toEqual([0.25, 0.25, NaN]);
    expect(layout.remarks).toEqual(['1 edge from a node to itself was left out']);
  });

  it('reads arcs, and edges among arcs as two of them', () => {
    const { graph } = read(
      `${head}<graph edgedefault="directed"><node id="0"/><node id="1"/><node id="2"/>
<edge source="0" target="1"/><edge source="1" target="2" directed="false"/></graph></graphml>`,
    );
    expect(graph.directed).toBe(true);
    expect(rowsOf(graph)).toEqual([[1], [2], [1]]);
  });

  it('reads prefixed names, a byte order mark and Windows line ends', () => {
    const text = '\ufeff<g:graphml xmlns:g="x">\r\n<g:graph><g:node id="a"/>\r\n<g:node id="b"/><g:edge source="a" target="b"/></g:graph></g:graphml>';
    expect(rowsOf(read(text).graph)).toEqual([[1], [0]]);
  }); // prettier-ignore

  it.each([
    ['', '', 'x.graphml:1:1: is not well-formed XML'],
    ['text', 'hello', 'x.graphml:1:'],
    ['another root', '<svg/>', 'x.graphml:1:1: begins with <svg> (expected <graphml>)'],
    ['a torn file', `${head}<graph><node id="0"/>`, 'x.graphml:3:'],
    ['no graph', `${head}</graphml>`, 'x.graphml: holds no <graph>'],
    ['no node', `${head}<graph></graph></graphml>`, 'x.graphml: holds no node'],
    ['two graphs', `${head}<graph></graph><graph></graph></graphml>`, 'x.graphml:3:16: holds more than one graph'],
    ['a graph in a node', `${head}<graph><node id="0"><graph/></node></graph></graphml>`, 'has a graph inside another'],
    ['a node without id', `${head}<graph>\n  <node/></graph></graphml>`, 'x.graphml:4:3: <node> has no id'],
    ['a node twice', `${head}<graph><node id="n"/>\n<node id="n"/></graph></graphml>`, 'x.graphml:4:1: node "n" is listed twice'],
    ['a dangling edge', `${head}<graph><node id="n"/>\n<edge source="n" target="m"/></graph></graphml>`, 'x.graphml:4:1: there is no node "m"'],
    ['an inherited name', `${head}<graph><node id="n"/>\n<edge source="n" target="constructor"/></graph></graphml>`, 'there is no node "constructor"'],
    ['a hyperedge', `${head}<graph><node id="n"/><hyperedge/></graph></graphml>`, 'between more than two nodes'],
    ['a latitude in words', `${head}<key id="a" attr.name="Latitude"/><graph><node id="n"><data key="a">north</data></node></graph></graphml>`, 'latitude is "north" (expected a number)'],
    ['a latitude beyond the pole', `${head}<key id="a" attr.name="Latitude"/><graph><node id="n"><data key="a">91</data></node></graph></graphml>`, 'no place on Earth (expected -90 to 90)'],
    ['a loss above one', `${head}<key id="a" attr.name="loss"/><graph><node id="n"/><edge source="n" target="n"><data key="a">2</data></edge></graph></graphml>`, 'a loss is "2" (expected 0 to 1)'],
    ['another encoding', '<?xml version="1.0" encoding="latin1"?><graphml/>', 'written in "latin1" (expected UTF-8)'],
    ['entities that explode', '<!DOCTYPE g [<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;">]><graphml><graph><node id="&b;"/></graph></graphml>', 'is not well-formed XML: "undefined entity'],
    ['entities from files', '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]><graphml>&a;</graphml>', 'is not well-formed XML: "undefined entity'],
    ['a deep well', '<graphml>' + '<a>'.repeat(100_000), 'is nested too deeply'],
    ['control characters', `${head}<graph><node id="a&#x9b;31m"/><node id="a&#x9b;31m"/></graph></graphml>`, 'node "a\\u009b31m" is listed twice'],
  ])('refuses %s', (_what, text, expected) => {
    const line = mishap(() => read(text));
    expect(line).toContain(expected);
    expect(line).toMatch(/^bad-topology-file: x\.graphml/);
    // eslint-disable-next-line no-control-regex -- that none of them comes through is the point
    expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(line.length).toBeLessThan(400);
  }); // prettier-ignore

  it('refuses bytes that are no text', () => {
    expect(mishap(() => read(Uint8Array.of(0x3c, 0xff, 0xfe)))).toContain('x.graphml: is not UTF-8 text');
  });

  it('survives cuts and changed bytes with a mishap or a graph, nothing else', () => {
    const whole = realFile('Abilene.graphml');
    for (let at = 0; at < whole.length; at += 37) {
      for (const bytes of [
        whole.slice(0, at),
        Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0x15 : byte)),
      ]) {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', code: 'bad-topology-file' });
        }
      }
    }
  });
});

describe('the topology file', () => {
  it('goes by the ending of the name, or by the format that is named', () => {
    const files = { 'abilene.txt': realFile('Abilene.graphml'), abilene: realFile('Abilene.graphml') };
    expect(build('file', world(11, 1, files), { path: 'abilene', format: 'graphml' }).graph.nodeCount).toBe(
      11,
    );
    expect(mishap(() => build('file', world(11, 1, files), { path: 'abilene' }))).toContain(
      '"abilene": the ending of the name',
    );
  });

  it('knows how many nodes it has', () => {
    const line = mishap(() => build('file', world(12), { path: 'Abilene.graphml' }));
    expect(line).toContain('Abilene.graphml: has 11 nodes, but 12 are asked for');
  });
});
