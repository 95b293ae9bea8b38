/** The README with every console block as the commands print it now. */
export function renderReadme(text: string): string;
