/** The body of a message between replicas. Its size is known at once; its text is written only if somebody wants to read it. */
import { textDigest } from '../base/digest.js';
import type { Body } from '../model/bodies.js';
import type { Content } from './state-talk.js';

export class StateBody implements Body {
  readonly step = 0;
  readonly sequence = 0;
  readonly timestampMs = 0;
  #canonical: string | undefined;

  constructor(
    readonly origin: number,
    readonly incarnation: number,
    readonly content: Content,
  ) {}

  get sizeBytes(): number {
    return this.content.sizeBytes;
  }

  get data(): unknown {
    return JSON.parse(this.canonical);
  }

  /** Lists, whole numbers and texts, and values that are canonical already: what JSON.stringify writes is canonical. */
  get canonical(): string {
    this.#canonical ??= JSON.stringify(this.content);
    return this.#canonical;
  }

  get digest0(): number {
    return textDigest(this.canonical)[0];
  }

  get digest1(): number {
    return textDigest(this.canonical)[1];
  }
}
