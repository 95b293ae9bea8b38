/**
 * A scenario may come from a stranger, so the files that it names lie beside it. Pure arithmetic on the text of the path; that no
 * link leads out of the folder has to be seen where files are opened.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';

/**
 * A path with `/` between its parts, without `.` and inner `..`.
 * @param anywhere true when the user has allowed files outside of the scenario's folder
 * @throws UserError `bad-scenario` when it is absolute or leads out of the folder, or cannot be a path at all
 */
export function confine(path: string, anywhere = false): string {
  const refuse = (what: string): UserError =>
    new UserError('bad-scenario', {
      what: `${quoteText(path)} ${what}`,
      next: 'Put the file beside the scenario, or allow other folders on the command line',
    });
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (path === '' || /[\u0000-\u001f\u007f]/.test(path)) {
    throw new UserError('bad-scenario', { what: `${quoteText(path)} is not the path of a file` });
  }
  if (anywhere) return path;
  if (path.includes('\\') || /^[A-Za-z]:/.test(path))
    throw refuse('is not a relative path with / between its parts');
  if (path.startsWith('/') || path.startsWith('~')) throw refuse('leads out of the folder of the scenario');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw refuse('leads out of the folder of the scenario');
  }
  if (parts.length === 0)
    throw new UserError('bad-scenario', { what: `${quoteText(path)} is a folder`, expected: 'a file' });
  return parts.join('/');
}
