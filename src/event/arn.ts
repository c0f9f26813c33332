/** `arn:partition:service:region:account:resource`; region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** AWS General Reference, "Amazon Resource Names (ARNs)": six parts, of which the last may hold colons itself. */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const parts = text.split(':');
  if (parts.length < 6) return undefined;
  const [, partition = '', service = '', region = '', account = ''] = parts;
  return { partition, service, region, account, resource: parts.slice(5).join(':') };
}

/** The twelve digits of the account an ARN belongs to, where it names one. */
export function accountOfArn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const account = parseArn(text)?.account;
  return account === undefined || account === '' ? undefined : account;
}
