/**
 * Times of what is stored by the million, as seconds since the epoch. CloudTrail's are whole ones, and V8 keeps a whole
 * number below 2^31 (until 2038) in the field that holds it; milliseconds, and any other number, are an object of their
 * own, 16 bytes and one more wait for memory each time they are read. A time between two seconds is kept too.
 */
export function secondsOf(time: number): number;
export function secondsOf(time: number | undefined): number | undefined;
export function secondsOf(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time / 1000;
}

/** Back to the millisecond: a quotient by a thousand is not always exact. */
export function timeOf(seconds: number): number;
export function timeOf(seconds: number | undefined): number | undefined;
export function timeOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}
