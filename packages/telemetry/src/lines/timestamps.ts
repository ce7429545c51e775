/** Writes times as RFC 3339 has them. What all lines of one second have in common is written out once. */
export function createTimestamps(): (milliseconds: number) => string {
  let second = Number.NaN;
  let beginning = '';
  return (milliseconds) => {
    const whole = Math.trunc(milliseconds);
    const own = Math.floor(whole / 1_000);
    if (own !== second) {
      beginning = new Date(own * 1_000).toISOString().slice(0, -'000Z'.length);
      second = own;
    }
    return `${beginning}${String(whole - own * 1_000).padStart(3, '0')}Z`;
  };
}
