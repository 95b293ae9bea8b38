/**
 * What a report says, before anybody decides how it looks. Core builds blocks from results; `cli` paints them for a
 * terminal of a certain width, with or without colour. Foreign text in blocks must be escaped already.
 */

export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'warn' | 'bad';

/** A stretch of text in one tone. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line: plain text, or stretches in several tones. */
export type Line = string | Span | readonly (string | Span)[];

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly lines: readonly Line[] }
  /** Label and value, aligned in two columns. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: Line])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly Line[])[];
      /** Numbers stand on the right. Default: left. */
      readonly align?: readonly ('left' | 'right')[];
    };

export const strong = (text: string): Span => ({ text, tone: 'strong' });
export const dim = (text: string): Span => ({ text, tone: 'dim' });
export const good = (text: string): Span => ({ text, tone: 'good' });
export const warn = (text: string): Span => ({ text, tone: 'warn' });
export const bad = (text: string): Span => ({ text, tone: 'bad' });
