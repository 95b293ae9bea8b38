/** Questions on a terminal. The library behind them is large and is loaded when the first question is asked. */

export interface Choice {
  readonly name: string;
  readonly value: string;
  readonly checked?: boolean;
}

export type Question =
  | {
      readonly type: 'select' | 'checkbox';
      readonly name: string;
      readonly message: string;
      readonly choices: readonly Choice[];
      readonly default?: string;
    }
  | {
      readonly type: 'input';
      readonly name: string;
      readonly message: string;
      readonly default: string;
      readonly validate: (text: string) => true | string;
    };

/** Can questions be asked: are there eyes to read them and hands to answer? */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/**
 * Asks one question after another.
 * @returns answers by name, a list for checkboxes; undefined when the person has left with Ctrl-C or an end of input
 */
export async function ask(
  questions: readonly Question[],
): Promise<Readonly<Record<string, string | readonly string[]>> | undefined> {
  const { default: inquirer } = await import('inquirer');
  const answers: Record<string, string | readonly string[]> = {};
  try {
    for (const question of questions) {
      const answer = (await inquirer.prompt([question as never])) as Record<string, string | string[]>;
      answers[question.name] = answer[question.name];
    }
    return answers;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return undefined;
    throw error;
  }
}
