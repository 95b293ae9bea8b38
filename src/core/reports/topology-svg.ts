/**
 * A picture of a network, as one SVG file that needs nothing else: edges below, nodes above, hubs larger, regions in colours that people
 * with colour-blindness can tell apart, names where they fit. Whatever a file said about names is escaped.
 */
import { showText } from '../base/escape.js';
import { sqrt } from '../base/math.js';
import { formatCount, formatNumber } from '../base/units.js';
import type { Layout } from '../model/topology.js';

export interface SvgPlaces {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** True when these are places on the Earth: x and y in degrees of latitude; then a scale is drawn. */
  readonly geographic: boolean;
}

const width = 1200;
const height = 800;
const margin = 56;
const headHeight = 64;
const footHeight = 44;
/** Names are drawn for networks up to this many nodes. */
const namedNodesMax = 200;
const nameCharactersMax = 24;
const regionsInLegendMax = 8;
const kmPerDegree = 111.195;

/** Okabe and Ito, "Color Universal Design", 2008; the first one for networks without regions. */
const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a7a00', '#5b5b5b'];

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The picture in pieces. `title` is escaped here. */
export function* topologySvg(layout: Layout, places: SvgPlaces, title: string): Generator<string> {
  const { graph } = layout;
  const count = graph.nodeCount;
  const { xs, ys, unitsPerPixel } = fit(places);
  const radii = Float64Array.from({ length: count }, (_, node) =>
    radiusOf(count, graph.neighbourCount(node)),
  );
  const colours = colourOf(layout);

  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">\n`;
  yield `<title>${xml(showText(title))}</title>\n<rect width="${width}" height="${height}" fill="#ffffff"/>\n`;
  yield `<text x="${margin}" y="36" font-size="22" font-weight="600" fill="#1b2733">${xml(showText(title, 80))}</text>\n`;
  yield `<text x="${margin}" y="58" font-size="14" fill="#5a6b7b">${subtitle(layout)}</text>\n`;

  const drawnEdges = graph.edgeCount;
  const opacity = drawnEdges > 20_000 ? 0.08 : drawnEdges > 3000 ? 0.18 : drawnEdges > 600 ? 0.35 : 0.75;
  yield `<g stroke="#7d93a8" stroke-width="${count > 1000 ? 0.6 : 1.3}" stroke-opacity="${opacity}" stroke-linecap="round" fill="none">\n`;
  let path = '';
  for (let node = 0; node < count; node++) {
    for (let index = 0; index < graph.neighbourCount(node); index++) {
      const other = graph.neighbourAt(node, index);
      if (!graph.directed && other < node) continue;
      path += `M${short(xs[node])} ${short(ys[node])}L${short(xs[other])} ${short(ys[other])}`;
    }
    if (path.length > 8000) {
      yield `<path d="${path}"/>\n`;
      path = '';
    }
  }
  if (path !== '') yield `<path d="${path}"/>\n`;
  yield '</g>\n';

  yield `<g stroke="#ffffff" stroke-width="${count > 1000 ? 0.3 : 1.2}">\n`;
  for (let node = 0; node < count; node++) {
    const name = layout.names === undefined ? '' : `<title>${xml(showText(layout.names[node]))}</title>`;
    const circle = `<circle cx="${short(xs[node])}" cy="${short(ys[node])}" r="${short(radii[node])}" fill="${colours.of(node)}"`;
    yield name === '' ? `${circle}/>\n` : `${circle}>${name}</circle>\n`;
  }
  yield '</g>\n';
  if (count <= namedNodesMax) yield* nameTexts(layout, xs, ys, radii);
  yield* legend(colours);
  if (places.geographic) yield scaleBar(unitsPerPixel * kmPerDegree);
  yield '</svg>\n';
}

/** Stretches the places over the page, the same in both directions. */
function fit(places: SvgPlaces): { xs: Float64Array; ys: Float64Array; unitsPerPixel: number } {
  const rangeOf = (values: Float64Array): [number, number] => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  };
  const [left, right] = rangeOf(places.xs);
  const [top, bottom] = rangeOf(places.ys);
  const inner = { width: width - 2 * margin - 60, height: height - headHeight - footHeight - 2 * 30 };
  const unitsPerPixel = Math.max((right - left) / inner.width, (bottom - top) / inner.height, 1e-9);
  const middleX = (left + right) / 2;
  const middleY = (top + bottom) / 2;
  const pageY = headHeight + (height - headHeight - footHeight) / 2;
  return {
    xs: places.xs.map((x) => width / 2 + (x - middleX) / unitsPerPixel),
    ys: places.ys.map((y) => pageY + (y - middleY) / unitsPerPixel),
    unitsPerPixel,
  };
}

function radiusOf(count: number, degree: number): number {
  const base = count <= 30 ? 5 : count <= 200 ? 4 : count <= 1000 ? 2.6 : 1.4;
  return Math.min(base * 3, base * (0.75 + 0.16 * sqrt(degree)));
}

interface Colours {
  of(node: number): string;
  readonly shown: readonly (readonly [name: string, colour: string])[];
  readonly more: number;
}

/** A colour for each region; the largest ones first, those beyond the palette share its last. */
function colourOf(layout: Layout): Colours {
  const { regions } = layout;
  if (regions === undefined) return { of: () => palette[0], shown: [], more: 0 };
  const sizes = new Map<string, number>();
  for (const region of regions) sizes.set(region, (sizes.get(region) ?? 0) + 1);
  const names = [...sizes.keys()].filter((name) => name !== '');
  names.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1));
  // With more regions than colours, neighbours in number still differ.
  const colours = new Map(names.map((name, i) => [name, palette[i % palette.length]]));
  return {
    of: (node) => colours.get(regions[node]) ?? '#9aa5b1',
    shown: names.slice(0, regionsInLegendMax).map((name) => [name, colours.get(name) ?? palette[0]] as const),
    more: Math.max(0, names.length - regionsInLegendMax),
  };
}

/** Names beside their nodes, to the first side that is free; left out where none is. The busiest nodes choose first. */
function* nameTexts(
  layout: Layout,
  xs: Float64Array,
  ys: Float64Array,
  radii: Float64Array,
): Generator<string> {
  const { graph, names } = layout;
  const size = graph.nodeCount <= 40 ? 13 : 11;
  const taken: Box[] = Array.from(xs, (x, node) => around(x, ys[node], radii[node]));
  const order = Array.from(xs, (_, node) => node);
  order.sort((a, b) => graph.neighbourCount(b) - graph.neighbourCount(a) || a - b);
  yield `<g font-size="${size}" fill="#1b2733" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">\n`;
  for (const node of order) {
    const text = showText(names?.[node] ?? String(node), nameCharactersMax);
    const length = text.length * size * 0.56;
    const gap = radii[node] + 4;
    const sides = [
      { x: xs[node] + gap, y: ys[node] + size * 0.35, anchor: 'start', left: xs[node] + gap },
      { x: xs[node] - gap, y: ys[node] + size * 0.35, anchor: 'end', left: xs[node] - gap - length },
      { x: xs[node], y: ys[node] - gap, anchor: 'middle', left: xs[node] - length / 2 },
      { x: xs[node], y: ys[node] + gap + size * 0.75, anchor: 'middle', left: xs[node] - length / 2 },
    ];
    for (const side of sides) {
      const box = {
        left: side.left,
        right: side.left + length,
        top: side.y - size * 0.8,
        bottom: side.y + size * 0.2,
      };
      if (box.left < 4 || box.right > width - 4 || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      yield `<text x="${short(side.x)}" y="${short(side.y)}" text-anchor="${side.anchor}">${xml(text)}</text>\n`;
      break;
    }
  }
  yield '</g>\n';
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function* legend(colours: Colours): Generator<string> {
  let x = margin;
  const y = height - 22;
  for (const [name, colour] of colours.shown) {
    const text = showText(name, 20);
    yield `<circle cx="${short(x + 5)}" cy="${y}" r="5" fill="${colour}"/><text x="${short(x + 16)}" y="${y + 4}" font-size="13" fill="#3a4a59">${xml(text)}</text>\n`;
    x += 34 + text.length * 7.2;
    if (x > width - 320) return;
  }
  if (colours.more > 0) {
    yield `<text x="${short(x)}" y="${y + 4}" font-size="13" fill="#5a6b7b">and ${formatCount(colours.more)} more</text>\n`;
  }
}

/** A round number of km, as long as a tenth to a quarter of the page. */
function scaleBar(kmPerPixel: number): string {
  let km = 1e-3;
  for (const next of [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].flatMap((n) => [
    n / 1000,
    n,
  ])) {
    if (next / kmPerPixel <= width / 5 && next > km) km = next;
  }
  const length = km / kmPerPixel;
  const right = width - margin;
  const y = height - 18;
  return (
    `<path d="M${short(right - length)} ${y - 5}V${y}H${right}V${y - 5}" stroke="#3a4a59" stroke-width="1.3" fill="none"/>` +
    `<text x="${short(right - length / 2)}" y="${y - 8}" font-size="13" fill="#3a4a59" text-anchor="middle">${formatNumber(km)} km</text>\n`
  );
}

function subtitle({ graph }: Layout): string {
  const edges = graph.directed ? 'arcs' : 'edges';
  return `${formatCount(graph.nodeCount)} nodes, ${formatCount(graph.edgeCount)} ${edges}`;
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

function xml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
