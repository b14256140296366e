import type { Words } from '@manyi/config/levels';
import type { ScreenNotice, ScreenPhase } from '../view.ts';

/** What the screen says in every phase, alike at every level. */
export const headlines: Readonly<Record<ScreenPhase, Words>> = {
  'no-clerk': { zh: '欢迎评价本窗口', en: 'Rate this counter at any time' },
  paused: { zh: '本窗口暂停服务，请到其他窗口', en: 'This counter is paused. Please go to another one.' },
  idle: { zh: '欢迎光临，随时可以评价', en: 'Welcome. You may rate your service here at any time.' },
  serving: { zh: '正在为您服务，随时可以评价', en: 'You are being served. You may rate at any time.' },
  invitation: { zh: '请为本次服务打分', en: 'How was your service today?' },
  reason: { zh: '谢谢您！哪一点最影响您的评价？', en: 'Thank you. What mattered most? (optional)' },
  thanks: { zh: '谢谢您', en: 'Thank you' },
};

/** Instead of the headline, after two faces at once. */
export const askAgain: Words = { zh: '请只按一个表情', en: 'Please press just one face.' };

/** Instead of a question, before an administrator has said where the terminal stands. */
export const notInUse: Words = { zh: '本终端尚未启用', en: 'This terminal is not in use yet' };

export const notices: Readonly<Record<ScreenNotice, Words>> = {
  'storage-failed': {
    zh: '暂时无法保存评价，请告知工作人员',
    en: 'Ratings cannot be kept right now. Please tell the staff.',
  },
  'not-enrolled': {
    zh: '本终端尚未登记，评价无法保存，请联系管理员',
    en: 'Not enrolled yet: ratings cannot be kept. Ask an administrator.',
  },
  'roster-unknown': {
    zh: '尚未取得人员名册，暂不能刷工牌',
    en: 'The staff roster has not arrived: badges cannot be read yet.',
  },
  'badge-refused': { zh: '工牌无效，请联系管理员', en: 'This badge is not known here. Ask an administrator.' },
};

/** How it stands with the list of who has listened to the clerk, where it is not there to be read. */
export const heardStates: Readonly<Record<'loading' | 'none' | 'offline' | 'not-yet' | 'refused', Words>> = {
  loading: { zh: '正在查询……', en: 'Asking the hub…' },
  none: { zh: '目前没有人听过您', en: 'Nobody has listened to you so far.' },
  offline: { zh: '离线，暂时无法查询，恢复连接后再试', en: 'Offline: try again when the line is back.' },
  'not-yet': {
    zh: '中心尚未收到您的上岗记录，请稍后再试',
    en: 'The hub has not heard yet that you are on duty: try again soon.',
  },
  refused: {
    zh: '查询失败，请稍后再试或联系管理员',
    en: 'The hub gave no list: try again later, or ask an administrator.',
  },
};

export const heardActs: Readonly<Record<'recording.play' | 'recording.download' | 'listening.start', Words>> = {
  'recording.play': { zh: '播放录音', en: 'played' },
  'recording.download': { zh: '下载录音', en: 'downloaded' },
  'listening.start': { zh: '现场监听', en: 'listened in' },
};

export const notEnded: Words = { zh: '尚未结束', en: 'not ended' };
export const notKnown: Words = { zh: '不明', en: 'not known' };
