import type { Chance } from './chance.ts';

/** A clerk of the demo hall, with the habits that make one clerk's figures differ from another's. */
export interface HallClerk {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly stars: number;
  /** How pleased customers leave, 0–1. */
  readonly warmth: number;
  /** How often the clerk invites before moving on, 0–1. */
  readonly inviting: number;
}

/** A clerk's time at a counter, milliseconds from the opening of the hall. */
export interface Shift {
  readonly counter: string;
  readonly clerk: HallClerk;
  readonly from: number;
  readonly to: number;
  /** `tap`: the clerk taps out; `swap`: the relief's badge ends the duty, perhaps in the middle of a service. */
  readonly endsBy: 'tap' | 'swap';
  /** Breaks in the shift. */
  readonly breaks: readonly { readonly from: number; readonly to: number; readonly reason: string }[];
}

const names =
  '王丽 李强 张敏 刘洋 陈静 杨帆 赵磊 黄婷 周杰 吴芳 徐明 孙雪 马超 朱琳 胡军 郭颖 何涛 高洁 林峰 罗兰'.split(' ');

/** Counters `counter-1` … of a hall. */
export function hallCounters(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `counter-${index + 1}`);
}

/** So many clerks: most are liked, a few are not, and one or two would rather not ask. */
export function hallClerks(chance: Chance, count: number): HallClerk[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(1001 + index);
    const warmth = chance.pick([
      [chance.between(0.93, 0.99), 6],
      [chance.between(0.85, 0.93), 3],
      [chance.between(0.6, 0.75), 1],
    ]);
    const inviting = chance.pick([
      [chance.between(0.8, 0.98), 8],
      [chance.between(0.15, 0.4), 2],
    ]);
    const stars = Math.max(1, Math.min(5, Math.round(warmth * 10 - 4.8)));
    return { id: `C${number}`, name: names[index] ?? `窗口员${number}`, number, stars, warmth, inviting };
  });
}

/**
 * Who stands where, over a day of `length` milliseconds. Every counter has its morning clerk; the remaining clerks relieve as many
 * counters around noon, every other one by swapping badges; where no relief comes the morning clerk stays and takes a lunch.
 */
export function hallShifts(
  chance: Chance,
  counters: readonly string[],
  clerks: readonly HallClerk[],
  length: number,
): Shift[] {
  return counters.flatMap((counter, index) => {
    const [morning, relief] = [clerks[index], clerks[counters.length + index]];
    if (morning === undefined) return [];
    const opens = chance.between(0, 0.03) * length;
    const noon = chance.between(0.4, 0.55) * length;
    const closes = chance.between(0.95, 0.98) * length;
    if (relief === undefined) {
      const lunch = { from: noon, to: noon + 0.07 * length, reason: '午餐' };
      return [{ counter, clerk: morning, from: opens, to: closes, endsBy: 'tap' as const, breaks: [lunch] }];
    }
    const endsBy = index % 2 === 0 ? 'swap' : 'tap';
    const gap = endsBy === 'swap' ? 0 : 0.02 * length;
    return [
      { counter, clerk: morning, from: opens, to: noon, endsBy, breaks: [tea(chance, opens, noon)] },
      { counter, clerk: relief, from: noon + gap, to: closes, endsBy: 'tap', breaks: [tea(chance, noon, closes)] },
    ] satisfies Shift[];
  });
}

function tea(chance: Chance, from: number, to: number): Shift['breaks'][number] {
  const starts = from + (to - from) * chance.between(0.3, 0.7);
  return { from: starts, to: starts + (to - from) * 0.05, reason: '休息' };
}
