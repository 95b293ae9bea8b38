/**
 * Anti-entropy in rounds: every node calls a peer, both look at what they held when the round began, and what they learn counts from the
 * next round on. The talk is the same as in events, remark for remark, but it all happens in one call; so its bytes are the same too.
 */
import { callOutcomes, type RoundHost, type RoundPopulation } from '../model/rounds.js';
import { AntiEntropy } from './anti-entropy.js';
import type { Replica } from './replica.js';
import { hear, opening, talkMessages, type Hearing, type Remark } from './state-talk.js';

interface Heard {
  readonly node: number;
  readonly agrees: boolean;
  readonly hearings: readonly Hearing[];
}

export class AntiEntropyInRounds extends AntiEntropy implements RoundPopulation {
  /** What the calls of this round brought, in the order of the calls. */
  #heard: Heard[] = [];

  protected override awaitTurn(): void {
    // Turns come with the rounds.
  }

  exchange(rounds: RoundHost): void {
    const { host, wiring, picker } = this;
    for (let node = 0; node < this.rows; node++) {
      if (!rounds.turn(node)) continue;
      this.estimate.turn();
      const count = picker.pick(wiring.peers, host.chance);
      for (let i = 0; i < count; i++) {
        const peer = picker.picked[i];
        const outcome = rounds.call(peer, true);
        this.talks++;
        if (outcome === callOutcomes.lost) this.#speakInVain(rounds, node, peer);
        else this.#talk(rounds, node, peer, outcome === callOutcomes.done);
      }
    }
  }

  /** Crashes and restarts come at boundaries, and after this: what a node heard in a round is for the life that it still lives. */
  merge(rounds: RoundHost): void {
    const heard = this.#heard;
    this.#heard = [];
    for (const { node, agrees, hearings } of heard) {
      if (!rounds.turn(node)) continue;
      const replica = this.replicas[node];
      this.estimate.met(agrees);
      for (const hearing of hearings) this.takeIn(replica, hearing, true);
    }
  }

  /** Remark and answer in turn, both from what is held now. Where the answer gets lost, so does all that would follow. */
  #talk(rounds: RoundHost, caller: number, callee: number, isAnswered: boolean): void {
    const [own, other]: [Replica, Replica] = [this.replicas[caller], this.replicas[callee]];
    const callerHears: Hearing[] = [];
    const calleeHears: Hearing[] = [];
    let isHeard = isAnswered;
    let remark: Remark | undefined = opening(this.settings.exchange, own);
    for (let isCaller = true; remark !== undefined; isCaller = !isCaller) {
      const [from, to] = isCaller ? [caller, callee] : [callee, caller];
      if (!rounds.speaks(from, to, remark.kind)) {
        // Who calls and says nothing has not called; who does not answer is as good as lost.
        if (isCaller && calleeHears.length === 0) return;
        if (callerHears.length === 0) isHeard = false;
        break;
      }
      this.#count(rounds, from, remark);
      if (!isCaller && !isAnswered) break;
      const [listener, speaker] = isCaller ? [other, own] : [own, other];
      const hearing: Hearing = hear(listener, remark, speaker.digest);
      (isCaller ? calleeHears : callerHears).push(hearing);
      remark = hearing.reply;
    }
    const agrees = own.digest === other.digest;
    this.#heard.push({ node: callee, agrees, hearings: calleeHears });
    if (isHeard) this.#heard.push({ node: caller, agrees, hearings: callerHears });
  }

  #speakInVain(rounds: RoundHost, from: number, to: number): void {
    const remark = opening(this.settings.exchange, this.replicas[from]);
    if (rounds.speaks(from, to, remark.kind)) this.#count(rounds, from, remark);
  }

  #count(rounds: RoundHost, from: number, { kind, content }: Remark): void {
    this.entriesSent += content?.entryCount ?? 0;
    rounds.spent(from, 1, talkMessages[kind].headBytes + (content?.sizeBytes ?? 0));
  }
}
