/** `mesh topology list`: the kinds of networks and, for one of them, its parameters; all from the registry. */
import { type Block, dim } from '../base/blocks.js';
import type { Knob } from '../base/knobs.js';
import { graphFormats } from '../topologies/formats/registry.js';
import { topologies } from '../topologies/registry.js';

export interface TopologyList {
  readonly result: object;
  readonly blocks: readonly Block[];
}

/** @param type one kind, or undefined for all. @throws UserError `unknown-kind` */
export function topologyList(type: string | undefined): TopologyList {
  if (type !== undefined) return parametersOf(type);
  const kinds = [...topologies].map(({ name, summary }) => ({ name, summary }));
  const formats = [...graphFormats].map(({ name, summary, extensions }) => ({ name, summary, extensions }));
  return {
    result: { topologies: kinds, formats },
    blocks: [
      {
        kind: 'table',
        head: ['Type', 'What it is'],
        rows: kinds.map(({ name, summary }) => [name, summary]),
      },
      {
        kind: 'table',
        head: ['Format', 'What it is', 'Endings'],
        rows: formats.map(({ name, summary, extensions }) => [
          name,
          summary,
          extensions.map((e) => `.${e}`).join(' '),
        ]),
      },
      { kind: 'text', lines: [dim('Parameters of one type: mesh topology list watts-strogatz')] },
    ],
  };
}

function parametersOf(type: string): TopologyList {
  const { name, summary, knobs } = topologies.get(type);
  const parameters = Object.entries(knobs).map(([key, knob]) => ({
    name: key,
    kind: kindText(knob),
    default: 'default' in knob ? knob.default : null,
    required: !('default' in knob) && !('optional' in knob),
    doc: knob.doc,
  }));
  return {
    result: { name, summary, parameters },
    blocks: [
      { kind: 'heading', text: `${name}: ${summary}` },
      {
        kind: 'table',
        head: ['Parameter', 'Kind', 'Default', 'What it does'],
        rows: parameters.map((parameter) => [
          parameter.name,
          parameter.kind,
          parameter.required ? 'required' : parameter.default === null ? '' : String(parameter.default),
          parameter.doc,
        ]),
      },
    ],
  };
}

function kindText(knob: Knob): string {
  if (knob.kind === 'choice') return knob.words.join(' | ');
  if (knob.kind !== 'integer' && knob.kind !== 'number') return knob.kind;
  const { min, max } = knob;
  if (min !== undefined && max !== undefined) return `${knob.kind} ${min} to ${max}`;
  return min === undefined ? knob.kind : `${knob.kind} from ${min}`;
}
