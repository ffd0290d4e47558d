/** Minutes as people say them, rounded: `42 min`, `2 h`, `2 h 10`. */
export function inWords(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  return whole % 60 === 0 ? `${whole / 60} h` : `${Math.floor(whole / 60)} h ${whole % 60}`;
}
