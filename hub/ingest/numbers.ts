/** Numbers from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Which numbers of one outbox are settled: in the ledger, quarantined, missing for good, or repeated. Pure bookkeeping; the store
 * keeps the same.
 */
export interface Numbers {
  /** The largest n such that every number 1…n is settled: what a receipt says. */
  readonly through: number;
  /** The largest settled number. */
  readonly highest: number;
  has(seq: number): boolean;
  /** The numbers from 1 to `upTo` that are not settled. */
  gaps(upTo: number): Range[];
  settle(range: Range): void;
}

/** Numbers settled up to `through`, and the ranges beyond it, in order and apart from each other. */
export function numbers(start: number, beyond: readonly Range[]): Numbers {
  let through = start;
  const ahead: Range[] = [];

  const absorb = () => {
    while (ahead[0] !== undefined && ahead[0].first <= through + 1) {
      through = Math.max(through, ahead[0].last);
      ahead.shift();
    }
  };

  const insert = (range: Range) => {
    let at = ahead.length;
    while (at > 0 && (ahead[at - 1]?.first ?? 0) > range.first) at--;
    const before = ahead[at - 1];
    const merged = before !== undefined && before.last >= range.first - 1 ? [before, range] : [range];
    let end = at;
    for (let next = ahead[end]; next !== undefined && next.first <= range.last + 1; next = ahead[++end])
      merged.push(next);
    const first = Math.min(...merged.map((one) => one.first));
    const last = Math.max(...merged.map((one) => one.last));
    const from = merged[0] === before ? at - 1 : at;
    ahead.splice(from, end - from, { first, last });
  };

  const settle = (range: Range) => {
    if (range.last <= through) return;
    if (range.first === through + 1 && ahead.length === 0) through = range.last;
    else {
      insert(range);
      absorb();
    }
  };
  for (const range of beyond) settle(range);

  return {
    get through() {
      return through;
    },
    get highest() {
      return ahead.at(-1)?.last ?? through;
    },
    has: (seq) => seq <= through || holds(ahead, seq),
    gaps: (upTo) => gapsBetween(through, upTo, ahead),
    settle,
  };
}

/** Whether one of the ordered ranges holds the number. */
function holds(ranges: readonly Range[], seq: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle] as Range;
    if (seq < range.first) high = middle - 1;
    else if (seq > range.last) low = middle + 1;
    else return true;
  }
  return false;
}

function gapsBetween(through: number, upTo: number, ahead: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = through + 1;
  for (const range of ahead) {
    if (range.first > upTo) break;
    if (range.first > next) gaps.push({ first: next, last: range.first - 1 });
    next = range.last + 1;
  }
  if (next <= upTo) gaps.push({ first: next, last: upTo });
  return gaps;
}
