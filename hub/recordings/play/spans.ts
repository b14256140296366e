/** Which parts of something have been sent, between 0 and 1; what was sent twice counts once. */
export interface Spans {
  add(from: number, to: number): void;
  total(): number;
}

export function createSpans(): Spans {
  let spans: { from: number; to: number }[] = [];
  return {
    add(from, to) {
      const touching = spans.filter((span) => span.from <= to && span.to >= from);
      const whole = {
        from: Math.min(from, ...touching.map((span) => span.from)),
        to: Math.max(to, ...touching.map((span) => span.to)),
      };
      spans = [...spans.filter((span) => !touching.includes(span)), whole];
    },
    total: () => spans.reduce((sum, { from, to }) => sum + (to - from), 0),
  };
}
