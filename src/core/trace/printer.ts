/**
 * Events in words and in JSON. All names come from the trace itself, hence from a stranger: in words they are escaped, and in JSON
 * what could move a cursor is written as \uXXXX, which is the same JSON.
 */
import { showText } from '../base/escape.js';
import { formatDuration } from '../base/units.js';
import { reportKinds } from '../model/protocol.js';
import type { TraceBody, TraceEvent } from './event.js';
import { eventTypes } from './format.js';
import type { TraceOpening } from './header.js';

/** How much of a body is shown in words. */
const bodyCharactersMax = 60;

export class EventPrinter {
  readonly #names: (string | undefined)[] = [];
  readonly #nodesJson: (string | undefined)[] = [];
  /** Beginning of a message's JSON by slot and kind. */
  readonly #kindsJson: readonly (readonly string[])[];
  readonly #wordsJson: readonly (readonly (readonly string[])[])[];

  readonly #eventNames: EventNames;
  readonly #eventsJson: EventNames;
  readonly #flagsJson: readonly string[];

  constructor(private readonly opening: TraceOpening) {
    this.#eventNames = new EventNames(opening);
    this.#eventsJson = new EventNames(opening, jsonText);
    this.#flagsJson = opening.flags.map(jsonText);
    this.#kindsJson = opening.slots.map((slot) =>
      slot.messages.map((kind) => `"slot":${jsonText(slot.name)},"message":${jsonText(kind.name)}`),
    );
    this.#wordsJson = opening.slots.map((slot) =>
      slot.messages.map((kind) => kind.words.slice(0, 4).map((word) => `${jsonText(word)}:`)),
    );
  }

  /** The name of a node, escaped. */
  node(address: number): string {
    return (this.#names[address] ??= showText(this.opening.nodeNames[address]));
  }

  /** What kind of event it is, in one word, escaped. */
  name(event: TraceEvent): string {
    return this.#eventNames.of(event);
  }

  /** Any other name in the trace, escaped. */
  plain(name: string): string {
    return showText(name);
  }

  fault(position: number): string {
    return showText(this.opening.faults[position].id);
  }

  flag(number: number): string {
    return showText(this.opening.flags[number] ?? `flag-${number}`);
  }

  reason(number: number): string {
    return number >= 0
      ? this.fault(number)
      : showText(this.opening.reasons[-1 - number] ?? `reason${number}`);
  }

  /** The message of an event: `spread/data step 4, value 7, sequence 3, hops 1`. */
  message(event: TraceEvent): string {
    const slot = this.opening.slots[event.slot];
    const kind = slot.messages[event.kind];
    const values = [event.a, event.b, event.c, event.d];
    const words = kind.words.slice(0, 4).map((word, i) => ` ${showText(word)} ${values[i]}`);
    return `${showText(slot.name)}/${showText(kind.name)}${words.join(',')}`;
  }

  /** What a body holds: `body 3 of sensor-1 {"temperature":23.5}`. */
  body(body: TraceBody): string {
    return `body ${body.number} of ${this.node(body.origin)} ${showText(body.canonical, bodyCharactersMax)}`;
  }

  /** What happened, without the time, for one line. */
  words(event: TraceEvent): string {
    return `${this.who(event)} ${this.name(event)} ${this.details(event)}`.replace(/ {2,}/g, ' ').trim();
  }

  /** Whom it happened to: a node or a fault. */
  who(event: TraceEvent): string {
    return event.node >= 0 ? this.node(event.node) : this.subject(event);
  }

  /** The rest of the sentence that begins with `who` and `name`. */
  details(event: TraceEvent): string {
    const body = event.body === undefined ? '' : `, ${this.body(event.body)}`;
    switch (event.type) {
      case eventTypes.sent:
        return `to ${this.node(event.to)}: ${this.message(event)}${body}, under way ${formatDuration(event.delayUs)}`;
      case eventTypes.arrived:
        return `from ${this.node(event.from)}: ${this.message(event)}${body}, under way ${formatDuration(event.delayUs)}`;
      case eventTypes.dropped:
        return `on the way to ${this.node(event.to)} (${this.reason(event.reason)}): ${this.message(event)}${body}`;
      case eventTypes.timer:
        return `${this.slot(event.slot)}/${event.kind}, argument ${event.argument}`;
      case eventTypes.world:
        return '';
      default: {
        const parts = [this.value(event)];
        if (event.hasMessage) parts.push(`from ${this.node(event.from)}`);
        if (event.body !== undefined) parts.push(this.body(event.body));
        return parts.filter((part) => part !== '').join(', ');
      }
    }
  }

  slot(number: number): string {
    return showText(this.opening.slots[number].name);
  }

  /** The fault that a change of the world is about. */
  subject(event: TraceEvent): string {
    const fault = this.opening.faults.at(event.subject);
    return fault === undefined ? String(event.subject) : showText(fault.id);
  }

  /** What the value of a report means. */
  value(event: TraceEvent): string {
    switch (event.report) {
      case reportKinds.published:
      case reportKinds.adopted:
      case reportKinds.ticked:
        return `step ${event.value}`;
      case reportKinds.delivered:
        return `after ${event.value} ${event.value === 1 ? 'hop' : 'hops'}`;
      case reportKinds.flagged:
        return this.flag(event.value);
      case reportKinds.observed:
        return event.value === 0 ? '' : this.flag(event.value);
      case reportKinds.duplicate:
        return '';
      default:
        return String(event.value);
    }
  }

  /**
   * The event as one line of JSON, without line feed; see docs/replay.md.
   * @param withContent spell out the body; else only its number is given
   */
  json(event: TraceEvent, withContent: boolean): string {
    let json = `{"index":${event.index},"timeUs":${event.timeUs},"event":${this.#eventsJson.of(event)}`;
    switch (event.type) {
      case eventTypes.sent:
      case eventTypes.arrived:
        json += `${this.#messageJson(event)},"delayUs":${event.delayUs}`;
        break;
      case eventTypes.dropped:
        json += `${this.#messageJson(event)},"reason":${jsonText(this.reason(event.reason))}`;
        break;
      case eventTypes.timer: {
        const { argument } = event;
        json += `,"node":${this.#nodeJson(event.node)},"slot":${jsonText(this.opening.slots[event.slot].name)}`;
        json += `,"timer":${event.kind},"argument":${Number.isFinite(argument) ? argument : null}`;
        break;
      }
      case eventTypes.world:
        if (event.node >= 0) json += `,"node":${this.#nodeJson(event.node)}`;
        else json += `,"fault":${jsonText(this.opening.faults.at(event.subject)?.id ?? '')}`;
        break;
      default:
        json += `,"node":${this.#nodeJson(event.node)}${this.#valueJson(event)}`;
        if (event.hasMessage) json += this.#messageJson(event);
        else if (event.body !== undefined) json += `,"body":${event.body.number}`;
    }
    if (withContent && event.body !== undefined) json += `,"content":${this.#bodyJson(event.body)}`;
    return `${json}}`;
  }

  #messageJson(event: TraceEvent): string {
    const values = [event.a, event.b, event.c, event.d];
    let json = `,"from":${this.#nodeJson(event.from)},"to":${this.#nodeJson(event.to)},`;
    json += `${this.#kindsJson[event.slot][event.kind]},"words":{`;
    const words = this.#wordsJson[event.slot][event.kind];
    for (let i = 0; i < words.length; i++) {
      json += `${i === 0 ? '' : ','}${words[i]}${Number.isFinite(values[i]) ? values[i] : null}`;
    }
    return event.body === undefined ? `${json}}` : `${json}},"body":${event.body.number}`;
  }

  #valueJson(event: TraceEvent): string {
    switch (event.report) {
      case reportKinds.published:
      case reportKinds.adopted:
      case reportKinds.ticked:
        return `,"step":${event.value}`;
      case reportKinds.delivered:
        return `,"hops":${event.value}`;
      case reportKinds.duplicate:
        return '';
      case reportKinds.flagged:
      case reportKinds.observed:
        return `,"flag":${event.value === 0 ? null : (this.#flagsJson[event.value] ?? null)}`;
      default:
        return `,"value":${event.value}`;
    }
  }

  #bodyJson(body: TraceBody): string {
    const { origin, incarnation, step, sequence, timestampMs, canonical, signature } = body;
    const time = Number.isFinite(timestampMs) ? timestampMs : null;
    let json = `{"origin":${this.#nodeJson(origin)},"incarnation":${incarnation},"step":${step}`;
    json += `,"sequence":${sequence},"timestamp":${time}`;
    json += `,"data":${showText(canonical, Infinity)}`;
    if (signature !== undefined) {
      json += `,"signature":"${Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
    }
    return `${json}}`;
  }

  #nodeJson(address: number): string {
    return (this.#nodesJson[address] ??= jsonText(this.opening.nodeNames[address]));
  }
}

/** The kinds of events, as the trace's own header calls them. */
export class EventNames {
  readonly #types: readonly string[];
  readonly #changes: readonly string[];
  readonly #reports: readonly string[];

  /** @param show makes a name fit to be shown */
  constructor(
    header: Pick<TraceOpening, 'changes' | 'reports'>,
    private readonly show: (name: string) => string = showText,
  ) {
    this.#types = ['sent', 'arrived', 'dropped', 'timer'].map((name) => show(name));
    this.#changes = header.changes.map((name) => show(name));
    this.#reports = header.reports.map((name) => show(name));
  }

  /** All names that an event of this trace can have. */
  get all(): readonly string[] {
    return [...this.#types, ...this.#changes, ...this.#reports.slice(1)];
  }

  of(event: TraceEvent): string {
    const detail = event.type === eventTypes.world ? event.change : event.report;
    return this.named(event.type, detail);
  }

  /** @param detail the change or the report, for events that have one */
  named(type: number, detail: number): string {
    if (type <= eventTypes.timer) return this.#types[type];
    if (type === eventTypes.world) return this.#changes[detail] ?? this.show(`change-${detail}`);
    return this.#reports[detail] ?? this.show(`report-${detail}`);
  }
}

/** JSON text of a string that is also safe to show. */
function jsonText(text: string): string {
  return showText(JSON.stringify(text), Infinity);
}

/** Virtual time in seconds, always with six decimals, so that columns line up: `12.034567`. */
export function secondsText(us: number): string {
  const whole = Math.floor(us / 1_000_000);
  return `${whole}.${String(us - whole * 1_000_000).padStart(6, '0')}`;
}
