/** The list of everything that is wrong with a scenario, so that it can be mended in one go and not one error at a time. */
import { UserError, type ErrorCode, type Problem } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { nearestTree, pathText, type Path, type Place, type Tree } from './tree.js';

/** How many problems are shown; the rest are counted. */
export const shownProblemsMax = 20;

/** More than a line of the largest file has. */
const columnsMax = 2 ** 21;

export class Issues {
  readonly #problems: { readonly problem: Problem; readonly order: number }[] = [];
  #count = 0;
  /** What `reportAt` looks places up in. */
  root: Tree | undefined;

  /** @param fileName as the user gave it; escaped here */
  constructor(
    readonly fileName: string,
    /** May files lie outside of the scenario's folder? */
    readonly filesAnywhere = false,
  ) {}

  /** How many problems there are, those that are not shown included. */
  get count(): number {
    return this.#count;
  }

  /** True when further problems are only counted, so that nobody need think up a hint for them. */
  get isFull(): boolean {
    return this.#count >= shownProblemsMax;
  }

  /** `scenario.yaml:7:12`, or the flag. */
  placeText(place: Place): string {
    if ('flag' in place) return showText(place.flag);
    return `${showText(this.fileName)}:${place.line}:${place.column}`;
  }

  /** A list of its own, for something that may fail without harm. */
  trial(): Issues {
    return new Issues(this.fileName, this.filesAnywhere);
  }

  /** @param order where among the others it is shown; those without a place in the file come last */
  add(problem: Problem, order = Infinity): void {
    if (++this.#count <= shownProblemsMax) this.#problems.push({ problem, order });
  }

  /** Something is wrong at a place. `what` and `next` are escaped already. */
  report(place: Place, path: Path, what: string, next?: string): void {
    const where = pathText(path);
    const order = 'flag' in place ? Infinity : place.line * columnsMax + place.column;
    this.add({ place: this.placeText(place), what: where === '' ? what : `${where}: ${what}`, next }, order);
  }

  /** Like `report`, at the place of the value at `path`, or of what stands nearest to it. */
  reportAt(path: Path, what: string, next?: string): void {
    if (this.root === undefined)
      this.add({ place: showText(this.fileName), what: `${pathText(path)}: ${what}`, next });
    else this.report(nearestTree(this.root, path).place, path, what, next);
  }

  /** Runs `work`; a mishap in it becomes problems at `path`. Returns undefined then. */
  attempt<T>(path: Path, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const problem of error.problems) {
        const place = problem.place === undefined ? '' : `${problem.place}: `;
        const expected = problem.expected === undefined ? '' : ` (expected ${problem.expected})`;
        this.reportAt(path, `${place}${problem.what}${expected}`, problem.next);
      }
      return undefined;
    }
  }

  /** @throws UserError with all problems, when there are any */
  throwIfAny(code: ErrorCode = 'bad-scenario'): void {
    if (this.#count === 0) return;
    const hidden = this.#count - this.#problems.length;
    const rest: Problem[] =
      hidden === 0
        ? []
        : [{ place: showText(this.fileName), what: `and ${hidden} more problem${hidden === 1 ? '' : 's'}` }];
    const shown = [...this.#problems]
      .sort((a, b) => (a.order === b.order ? 0 : a.order - b.order))
      .map(({ problem }) => problem);
    throw new UserError(code, [...shown, ...rest]);
  }
}
