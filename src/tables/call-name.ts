/** No eventSource and no eventName of AWS is half as long; a longer one is hostile, and is not worth reading. */
export const LONGEST_NAME = 128;

/** Lambda writes `Invoke20150331` and `AddPermission20150331v2`, CloudFront `GetDistribution2020_05_31`. */
const API_VERSION = /(?:\d{8}(?:v\d+)?|\d{4}_\d{2}_\d{2})$/;

/** The name of the operation behind an event name, without the version of the API that some services append. */
export function withoutApiVersion(eventName: string): string {
  const last = eventName.charCodeAt(eventName.length - 1);
  return last >= 48 && last <= 57 ? eventName.replace(API_VERSION, '') : eventName;
}
