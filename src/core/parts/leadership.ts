/**
 * One candidate's chair at the table of one group. Time goes in terms, and the term's number says who leads: candidate (term mod candidates), so
 * there is nothing to vote on. Whoever leads says so in every interval. Who hears nothing for a lease, and stands next in line, takes
 * the next term that is its own; one place further back waits a lease more. A higher term always wins: its word reaches the old leader
 * sooner or later, who then steps down, and until then nobody adds the old leader's words to the new one's (see tally-book.ts).
 *
 * The rule for the number is that of viewstamped replication (B. Liskov, J. Cowling, "Viewstamped replication revisited", 2012, section 4);
 * that the first candidate who is up should lead is the bully's (H. Garcia-Molina, "Elections in a distributed computing system",
 * IEEE Trans. Computers C-31(1), 1982). What is not promised: that there is one leader at each moment. Only terms are unique.
 */
export class Seat {
  term = 0;
  leads = false;
  /** When the leader of this term or a higher one was heard last, or hoped for first. */
  heardUs = 0;
  /** When this candidate came up. */
  upSinceUs = 0;
  /** When it took the lead, or came back with it. */
  leadsSinceUs = 0;

  /** @param rank the candidate's place in the order, 0 for the one that is preferred */
  constructor(
    readonly group: number,
    readonly rank: number,
    readonly candidates: number,
  ) {}

  /** Whose term it is: a rank. */
  get leader(): number {
    return this.term % this.candidates;
  }

  /** The node comes up: at first the first candidate leads; who lost its state listens, who kept it leads on. */
  start(reason: 'boot' | 'state-kept' | 'state-lost', nowUs: number): void {
    this.heardUs = nowUs;
    this.upSinceUs = nowUs;
    this.leadsSinceUs = nowUs;
    if (reason === 'state-kept') return;
    this.term = 0;
    this.leads = reason === 'boot' && this.rank === 0;
  }

  /**
   * Hears of a term, from its leader or from others.
   * @returns true when this candidate led and does so no more
   */
  learn(term: number, fromLeader: boolean, nowUs: number): boolean {
    if (term < this.term) return false;
    if (fromLeader || term > this.term) this.heardUs = nowUs;
    if (term === this.term) return false;
    this.term = term;
    const wasLeading = this.leads;
    this.leads = false;
    return wasLeading;
  }

  /** Is it time to take the lead? */
  isDue(nowUs: number, leaseUs: number, takeBack: boolean): boolean {
    if (this.leads) return false;
    // A leader that lost its state is the last in its own line.
    const distance = (this.rank - this.leader + this.candidates) % this.candidates || this.candidates;
    if (nowUs - this.heardUs >= distance * leaseUs) return true;
    return takeBack && this.rank < this.leader && nowUs - this.upSinceUs >= leaseUs;
  }

  /** Takes the next term that is this candidate's. */
  claim(nowUs: number): void {
    const after = this.term + 1;
    this.term = after + ((this.rank - (after % this.candidates) + this.candidates) % this.candidates);
    this.leads = true;
    this.heardUs = nowUs;
    this.leadsSinceUs = nowUs;
  }
}
