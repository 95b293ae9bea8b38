/**
 * Where a log keeps what we ask for. Our own logs have `senderId` and `globalStep`; others say `dev_eui`, or hide the step
 * under the name of the host: `clock.{host}`. A path is a row of names; `{other}` stands for the text found under another
 * top-level field; a backslash before a dot or brace makes it an ordinary letter.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';

export interface PathPart {
  /** A name, or with `isReference` the top-level field whose text is the name. */
  readonly name: string;
  readonly isReference: boolean;
}

/** A path as the user wrote it, and its parts. */
export interface FieldPath {
  readonly text: string;
  readonly parts: readonly PathPart[];
}

/** Where each thing stands; undefined for what the log does not have. */
export interface LogFields {
  readonly sender: FieldPath;
  readonly step: FieldPath;
  readonly pattern: FieldPath;
  readonly data: FieldPath;
  readonly timestamp: FieldPath;
  readonly sequence: FieldPath;
  readonly signature: FieldPath;
  readonly incarnation: FieldPath;
}

export type FieldName = keyof LogFields;

/** The names of our own logs, see docs/observe.md. */
export const defaultFieldTexts: Readonly<Record<FieldName, string>> = {
  sender: 'senderId',
  step: 'globalStep',
  pattern: 'patternValue',
  data: 'data',
  timestamp: 'timestamp',
  sequence: 'sequence',
  signature: 'signature',
  incarnation: 'incarnation',
};

/**
 * Reads a path such as `decoded.payload` or `clock.{host}`.
 * @throws UserError `bad-flag` when it is empty or its braces do not match
 */
export function parsePath(text: string, place: string): FieldPath {
  const parts: PathPart[] = [];
  const tokens = text.match(/(?:\\.|[^.\\])+|\./gsu) ?? [];
  const refuse = (what: string): never => {
    throw new UserError('bad-flag', {
      place,
      what: `${quoteText(text)} ${what}`,
      expected: 'names separated by dots, such as clock.{host}',
    });
  };
  let expectsName = true;
  for (const token of tokens) {
    if (token === '.') {
      if (expectsName) refuse('has an empty name in it');
      expectsName = true;
      continue;
    }
    expectsName = false;
    const reference = /^\{([^{}]+)\}$/su.exec(token);
    if (reference === null && /(?<!\\)[{}]/su.test(token)) refuse('has a brace that does not match');
    const name = (reference === null ? token : reference[1]).replace(/\\(.)/gsu, '$1');
    parts.push({ name, isReference: reference !== null });
  }
  if (expectsName) refuse(text === '' ? 'is empty' : 'ends in a dot');
  if (parts[0].isReference) refuse('begins with a reference');
  return { text, parts };
}

/** All paths, with the default names where nothing else is said. */
export function makeFields(texts: Partial<Record<FieldName, string>> = {}): LogFields {
  const path = (field: FieldName): FieldPath =>
    parsePath(texts[field] ?? defaultFieldTexts[field], `--${field}-field`);
  return {
    sender: path('sender'),
    step: path('step'),
    pattern: path('pattern'),
    data: path('data'),
    timestamp: path('timestamp'),
    sequence: path('sequence'),
    signature: path('signature'),
    incarnation: path('incarnation'),
  };
}
