/**
 * A word of patience. Work that takes longer than about a second shows one moving line on the terminal; work that is
 * quicker, and every run whose errors go to a file or a pipe, shows nothing at all.
 */
import type { Ora } from 'ora';

const patienceMs = 1000;
const refreshMs = 100;

export class Progress {
  readonly #startedMs = Date.now();
  #shownMs = 0;
  #spinner: Ora | undefined;
  #loading: Promise<void> | undefined;
  #text = '';
  #over = false;

  /** Says what is being done. Cheap: may be called as often as the work likes. */
  show(text: string): void {
    const nowMs = Date.now();
    if (this.#over || nowMs - this.#startedMs < patienceMs || nowMs - this.#shownMs < refreshMs) return;
    // On a terminal of 0 columns the spinner would never end.
    if (!process.stderr.isTTY || !(process.stderr.columns > 0)) return;
    this.#shownMs = nowMs;
    this.#text = text;
    if (this.#spinner !== undefined) this.#spinner.text = text;
    else this.#loading ??= this.#start();
  }

  /** Takes the line away again. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#loading;
    this.#spinner?.stop();
  }

  async #start(): Promise<void> {
    const { default: ora } = await import('ora');
    if (this.#over) return;
    this.#spinner = ora({ text: this.#text, stream: process.stderr, discardStdin: false }).start();
  }
}
