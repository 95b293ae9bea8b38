/**
 * A page with the timeline of findings: one row a sender, one mark a finding, from the first line of the log to the last.
 * One file, no script, opens offline; whatever comes from the log is escaped, and a policy in the head forbids the rest.
 */
import { showText } from '../base/escape.js';
import { formatCount } from '../base/units.js';
import type { ObserveExplanation, ObserveResult, ObserveSample } from './observe-result.js';
import { malformedMeanings, total } from './observe.js';

const width = 900;
const labelWidth = 180;
const rowHeight = 18;
const rowsMax = 60;
const marksMax = 20_000;
const samplesShown = 200;
const colours = [
  '#b3261e',
  '#1f5fbf',
  '#8a5a00',
  '#00796b',
  '#7b1fa2',
  '#455a64',
  '#c2185b',
  '#33691e',
  '#5d4037',
  '#0277bd',
];
const style = `body{font:14px/1.45 system-ui,sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#1c1c1c;background:#fff}
table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em .2em 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg text{font-size:11px}.dim{color:#555}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e6e6e6}td,th{border-color:#444}.dim{color:#aaa}svg text{fill:#e6e6e6}}`;

function html(text: string, charactersMax = 300): string {
  return showText(text, charactersMax)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function colourOf(kinds: readonly string[], kind: string): string {
  return colours[kinds.indexOf(kind) % colours.length] ?? colours[0];
}

function timeline(result: ObserveResult, kinds: readonly string[]): string {
  const rows = new Map<string, ObserveSample[]>();
  for (const sample of result.samples.slice(0, marksMax)) {
    const name = sample.senderId === null ? 'malformed lines' : `“${sample.senderId}”`;
    rows.set(name, [...(rows.get(name) ?? []).slice(-marksMax), sample]);
  }
  const shown = [...rows].sort((a, b) => b[1].length - a[1].length).slice(0, rowsMax);
  const lines = Math.max(
    1,
    ...result.samples.map(({ line }) => line),
    result.files.length === 1 ? result.lines : 1,
  );
  const height = shown.length * rowHeight + 24;
  const parts = [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="findings by sender over the log">`,
  ];
  shown.forEach(([name, samples], row) => {
    const y = row * rowHeight + 12;
    parts.push(`<text x="0" y="${y + 4}">${html(name, 26)}</text>`);
    parts.push(
      `<line x1="${labelWidth}" x2="${width - 8}" y1="${y}" y2="${y}" stroke="#999" stroke-width=".5"/>`,
    );
    for (const { line, kind, message } of samples) {
      const x = labelWidth + ((line - 1) / Math.max(1, lines - 1)) * (width - labelWidth - 12);
      parts.push(
        `<circle cx="${x.toFixed(1)}" cy="${y}" r="3.5" fill="${colourOf(kinds, kind)}" fill-opacity=".75"><title>line ${line}: ${kind}: ${html(message)}</title></circle>`,
      );
    }
  });
  parts.push(`<text x="${labelWidth}" y="${height - 6}">line 1</text>`);
  parts.push(
    `<text x="${width - 8}" y="${height - 6}" text-anchor="end">line ${formatCount(lines)}</text></svg>`,
  );
  if (rows.size > rowsMax)
    parts.push(`<p class="dim">${rows.size - rowsMax} more senders are not drawn.</p>`);
  return parts.join('\n');
}

export function observeHtml(result: ObserveResult, explanations: readonly ObserveExplanation[]): string {
  const found = total(result) + result.malformed;
  const verdict = !result.complete ? 'incomplete' : found > 0 ? `${formatCount(found)} findings` : 'healthy';
  const words = new Map<string, string>([
    ...explanations.map(({ kind, summary }): [string, string] => [kind, summary]),
    ...Object.entries(malformedMeanings),
  ]);
  const counts = Object.entries({ ...result.findings, ...result.malformedKinds }).filter(
    ([, count]) => count > 0,
  );
  const kinds = counts.map(([kind]) => kind);
  const table = counts.map(
    ([kind, count]) =>
      `<tr><td><span style="color:${colourOf(kinds, kind)}">&#9679;</span> ${kind}</td><td class="n">${formatCount(count)}</td>` +
      `<td class="n">${formatCount(result.firstLines[kind] ?? 0)}</td><td>${html(words.get(kind) ?? '')}</td></tr>`,
  );
  const samples = result.samples
    .slice(0, samplesShown)
    .map(
      ({ file, line, kind, senderId, step, message }) =>
        `<tr><td class="n">${file === undefined ? '' : `${html(file, 60)}:`}${line}</td><td>${kind}</td><td>${senderId === null ? '' : html(senderId, 60)}</td>` +
        `<td class="n">${step ?? ''}</td><td>${html(message)}</td></tr>`,
    );
  const meanings = explanations
    .filter(({ kind }) => (result.findings[kind] ?? 0) > 0)
    .map(
      ({ kind, canMean, cannotSee }) =>
        `<p><b>${kind}</b> can mean: ${html(canMean, 900)}<br><span class="dim">It cannot see: ${html(cannotSee, 900)}</span></p>`,
    );
  const undrawn =
    result.samplesOmitted > 0
      ? `<p class="dim">${formatCount(result.samplesOmitted)} more findings were counted and not kept.</p>`
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>mesh observe: ${verdict}</title><style>${style}</style></head><body>
<h1>${verdict}</h1>
<p>${html(result.files.join(', '), 600)}: ${formatCount(result.lines)} lines, ${formatCount(result.valid)} valid, ${formatCount(result.malformed)} malformed,
${formatCount(result.blank)} blank, ${formatCount(result.senders)} senders, ${formatCount(result.missingSteps)} steps missing in ${formatCount(result.gaps)} gaps.</p>
${result.incompleteBecause === null ? '' : `<p>Not complete: ${html(result.incompleteBecause)}</p>`}
${found === 0 ? '' : `${timeline(result, kinds)}${undrawn}<table><tr><th>finding</th><th class="n">lines</th><th class="n">first</th><th>what it is</th></tr>${table.join('\n')}</table>`}
${meanings.join('\n')}
${samples.length === 0 ? '' : `<table><tr><th class="n">line</th><th>finding</th><th>sender</th><th class="n">step</th><th>what is wrong</th></tr>${samples.join('\n')}</table>`}
</body></html>
`;
}
