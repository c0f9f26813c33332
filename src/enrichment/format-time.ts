const DAY = 86_400_000;

let lastDay = Number.NaN;
let lastDate = '';

/**
 * A time as CloudTrail writes it, `2026-11-24T10:00:00Z`, with fractions only where there are some. The date of the
 * day is kept from the call before: the events of one hour are mostly of one day, and Date is what costs.
 */
export function formatTime(time: number): string {
  const day = Math.floor(time / DAY);
  if (day !== lastDay) {
    const date = new Date(time);
    if (Number.isNaN(date.getTime())) return '';
    lastDate = date.toISOString().slice(0, -14);
    lastDay = day;
  }
  const rest = time - day * DAY;
  const milliseconds = Math.floor(rest % 1000);
  const seconds = Math.floor(rest / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return milliseconds === 0
    ? `${lastDate}T${clock}Z`
    : `${lastDate}T${clock}.${String(milliseconds).padStart(3, '0')}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
