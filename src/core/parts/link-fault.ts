/**
 * A fault that strikes links. Which links, is said in the same words for all of them (link-set.ts) and drawn anew each time the fault
 * begins; messages on other links are no business of it. What is left for a kind to say is what it does to a message, and whether it
 * did: what it touched is counted here.
 */
import type { Knobs, Values } from '../base/knobs.js';
import type { Envelope } from '../model/envelope.js';
import { faultKind, type FaultContext, type FaultKind, type Verdict, type World } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet, type LinkChoice } from './link-set.js';

/** What it does on its links while it lasts; each of these is explained at `Fault`. */
export interface LinkEffect {
  begin?(world: World): void;
  loses?(envelope: Envelope, number: number): boolean;
  /** @returns whether it changed what becomes of the message */
  judge?(envelope: Envelope, number: number, verdict: Verdict): boolean;
  /** @returns whether it changed what becomes of the copy */
  alter?(envelope: Envelope, number: number, verdict: Verdict, usualUs: number): boolean;
  readonly certain?: boolean;
  separates?(from: number, to: number): boolean;
  holds?(from: number, to: number): boolean;
}

type LinkFaultEntry<K extends Knobs> = Omit<FaultKind<K>, 'lasts' | 'changesNodes' | 'check' | 'create'> & {
  effect(context: FaultContext, parameters: Values<K>): LinkEffect;
};

export function linkFault<const K extends Knobs>({
  effect: effectOf,
  ...entry
}: LinkFaultEntry<K>): FaultKind<K & typeof linkKnobs> {
  return faultKind<K & typeof linkKnobs>({
    ...entry,
    lasts: true,
    changesNodes: false,
    knobs: { ...entry.knobs, ...linkKnobs },
    check: linkProblems,
    create(context: FaultContext, parameters: Values<K> & LinkChoice) {
      const links = new LinkSet(context, parameters);
      const { certain, ...effect } = effectOf(context, parameters);
      const { loses, judge, alter, separates, holds } = effect;
      const isMeant = ({ from, to }: Envelope): boolean => links.has(from, to);
      const counted = (hasStruck: boolean, { from, to }: Envelope): boolean => {
        if (!hasStruck) return false;
        context.touchMessage();
        // Who is cut off has met the fault; to be late, lost or damaged now and then is the fate of messages only.
        if (separates !== undefined && links.isAbout(from)) context.touchNode(from);
        if (separates !== undefined && links.isAbout(to)) context.touchNode(to);
        return true;
      };
      return {
        certain,
        begin(world, occurrence) {
          links.choose(occurrence);
          effect.begin?.(world);
        },
        separates: separates && ((from, to) => links.has(from, to) && separates(from, to)),
        holds: holds && ((from, to) => links.has(from, to) && holds(from, to)),
        loses: loses && ((message, number) => isMeant(message) && counted(loses(message, number), message)),
        judge:
          judge &&
          ((message, number, verdict) => {
            if (isMeant(message)) counted(judge(message, number, verdict), message);
          }),
        alter:
          alter &&
          ((message, number, verdict, usualUs) => {
            if (isMeant(message)) counted(alter(message, number, verdict, usualUs), message);
          }),
      };
    },
  });
}
