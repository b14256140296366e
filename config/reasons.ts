import type { Words } from './levels.ts';

/** What a customer may say about the service, offered alike after every level, so that the page gives no level away. */
export const reasons = {
  attitude: { zh: '服务态度', en: 'Attitude' },
  speed: { zh: '办理速度', en: 'Speed' },
  skill: { zh: '业务能力', en: 'Skill' },
  waiting: { zh: '等候时间', en: 'Waiting time' },
  place: { zh: '大厅环境', en: 'The hall' },
  other: { zh: '其他', en: 'Something else' },
} as const satisfies Record<string, Words>;

export type Reason = keyof typeof reasons;
export const reasonNames = Object.keys(reasons) as [Reason, ...Reason[]];
