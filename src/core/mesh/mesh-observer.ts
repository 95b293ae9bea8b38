/**
 * Somebody who watches: every message that is shown to it is judged by the rules of `mesh observe`, the same code, and counted. Counters
 * are exact from the first message on; of the messages themselves only the latest anomalies are kept.
 */
import { patternDefaults } from '../model/pattern.js';
import { checks, patternCheck } from '../checks/registry.js';
import type { MalformedKind } from '../parts/log-block.js';
import { MessageValidator } from '../parts/log-validator.js';
import { digitCollapse } from '../patterns/digit-collapse.js';
import type { MeshClock } from './clock.js';
import { Emitter, type Unsubscribe } from './emitter.js';
import { History } from './history.js';
import { readMessage, type MeshMessage } from './message.js';
import { realClock } from './real-clock.js';

export interface ObserverOptions {
  /** The pattern's seed. Default 7. */
  readonly seed?: number;
  /** Default 100. */
  readonly phaseResetInterval?: number;
  readonly clock?: MeshClock;
  /** How many anomalies are kept. Default 1000. */
  readonly historySize?: number;
}

/** What is wrong with one message. */
export interface Anomaly {
  /** A finding such as `pattern-mismatch`, `step-repeat`, `step-backwards`, or a malformed kind such as `missing-field`. */
  readonly type: string;
  /** The message as it was understood; null when it was malformed. */
  readonly message: MeshMessage | null;
  readonly expected: string | number | null;
  readonly received: string | number | null;
  /** Milliseconds since 1970, when it was noticed. */
  readonly timestamp: number;
  /** One line, safe to print. */
  readonly reason: string;
}

export interface ObserverStatistics {
  readonly totalObserved: number;
  readonly validMessages: number;
  /** Messages with at least one anomaly. */
  readonly anomalies: number;
  /** Percent of valid messages; null when none was observed. */
  readonly successRate: number | null;
}

const historySizeDefault = 1000;
const historyBytes = 16 * 2 ** 20;

export class MeshObserver {
  readonly #clock: MeshClock;
  readonly #value: (step: number) => number;
  readonly #history: History<Anomaly>;
  readonly #onAnomaly: Emitter<[Anomaly]>;
  readonly #onValid: Emitter<[MeshMessage]>;
  #validator: MessageValidator;
  #total = 0;
  #valid = 0;
  /** Handlers that threw. */
  handlerErrors = 0;

  /** @throws UserError `invalid-seed` or `invalid-interval` */
  constructor(options: ObserverOptions = {}) {
    const { seed = patternDefaults.seed, historySize = historySizeDefault } = options;
    const phaseResetInterval = options.phaseResetInterval ?? patternDefaults.phaseResetInterval;
    const pattern = digitCollapse.create({ seed, phaseResetInterval });
    this.#value = (step) => pattern.value(step);
    this.#clock = options.clock ?? realClock;
    this.#history = new History(historySize, historyBytes);
    const mishap = (): void => {
      this.handlerErrors++;
    };
    this.#onAnomaly = new Emitter(mishap);
    this.#onValid = new Emitter(mishap);
    this.#validator = this.#newValidator();
  }

  #newValidator(): MessageValidator {
    return new MessageValidator({ patternCheck: patternCheck(this.#value), samplesMax: 1 }, checks);
  }

  /** Judges one message, whatever it is. Never throws. @returns true when nothing is wrong with it */
  observe(message: unknown): boolean {
    this.#total++;
    const read = readMessage(message);
    if ('malformed' in read) {
      this.#tell([this.#anomaly(read.malformed, null, null, null, read.reason)]);
      return false;
    }
    const { findings, malformed } = this.#validator.observe(read.message);
    const known: MalformedKind | undefined = malformed;
    if (findings.length === 0 && known === undefined) {
      this.#valid++;
      this.#onValid.emit(read.message);
      return true;
    }
    this.#tell(
      findings.map((finding) =>
        this.#anomaly(finding.kind, read.message, finding.expected, finding.received, finding.message),
      ),
    );
    return false;
  }

  #anomaly(
    type: string,
    message: MeshMessage | null,
    expected: string | number | null,
    received: string | number | null,
    reason: string,
  ): Anomaly {
    return Object.freeze({ type, message, expected, received, timestamp: this.#clock.epochMs(), reason });
  }

  #tell(anomalies: readonly Anomaly[]): void {
    for (const anomaly of anomalies) {
      this.#history.push(anomaly, 256);
      this.#onAnomaly.emit(anomaly);
    }
  }

  onAnomaly(handler: (anomaly: Anomaly) => unknown): Unsubscribe {
    return this.#onAnomaly.on(handler);
  }

  onValidMessage(handler: (message: MeshMessage) => unknown): Unsubscribe {
    return this.#onValid.on(handler);
  }

  /** The latest anomalies, oldest first. */
  anomalies(): Anomaly[] {
    return this.#history.toArray();
  }

  getStatistics(): ObserverStatistics {
    return {
      totalObserved: this.#total,
      validMessages: this.#valid,
      anomalies: this.#total - this.#valid,
      successRate: this.#total === 0 ? null : (100 * this.#valid) / this.#total,
    };
  }

  /** Forgets what was seen: anomalies, counters, and what is known of senders. Handlers stay. */
  clearHistory(): void {
    this.#history.clear();
    this.#total = 0;
    this.#valid = 0;
    this.#validator = this.#newValidator();
  }
}
