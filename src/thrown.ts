/** `ENOENT`, `Z_DATA_ERROR` or `EADDRINUSE`, where an error has a code as Node gives one. */
export function codeOfError(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** What an error says of a file that a setting names. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable';
}
