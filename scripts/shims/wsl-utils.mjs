/** The framework asks whether it runs inside Windows, reading files to find out; nothing in mesh depends on it. */
export const isWsl = false;
export const powerShellPath = async () => 'powershell.exe';
