import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a file that is made from others, where it differs. With `--check` on the command line nothing is written: it
 * says what would change, and the exit code is 1.
 *
 * @param name that it is called by in what is printed
 */
export function writeMadeFile(path: string, name: string, text: string): void {
  const isCheck = process.argv.includes('--check');
  const isSame = existsSync(path) && readFileSync(path, 'utf8') === text;
  console.log(`${name}: ${isSame ? 'up to date' : isCheck ? 'would change' : 'written'}`);
  if (isSame) return;
  if (isCheck) process.exitCode = 1;
  else writeFileSync(path, text);
}
