import type { Words } from '@manyi/config/levels';

/** Which language the technician reads. */
export type Language = keyof Words;

/** What the self-test says, in both languages. `%` stands for what is put in. */
const texts = {
  title: { zh: '满意 Manyi 终端自检', en: 'Manyi: self-test of this terminal' },
  rules: {
    zh: '请按提示操作，没有反应就再试一次；有问题时输入 y（是）或 n（否）再按回车；输入 s 再按回车，跳过当前部件。',
    en: 'Do what is asked, again if nothing happens; answer questions with y or n and Enter. s and Enter skips a part.',
  },
  running: {
    zh: '端口 % 正在使用：请先停止本机上的终端程序（sudo systemctl stop manyi-agent），再运行自检',
    en: 'Port % is in use: stop the agent on this machine first (sudo systemctl stop manyi-agent), then test again',
  },
  part: { zh: '部件', en: 'Part' },
  result: { zh: '结果', en: 'Result' },
  remark: { zh: '说明', en: 'Remark' },
  works: { zh: '正常', en: 'works' },
  failed: { zh: '故障', en: 'FAILED' },
  skipped: { zh: '跳过', en: 'skipped' },
  notTried: { zh: '未检测', en: 'not tried' },
  absent: { zh: '未配置', en: 'none' },
  key: { zh: '按键 %', en: 'Key %' },
  lamps: { zh: '指示灯', en: 'Lamps' },
  badge: { zh: '读卡器', en: 'Badge reader' },
  microphone: { zh: '麦克风', en: 'Microphone' },
  speaker: { zh: '扬声器', en: 'Speaker' },
  clerkKey: { zh: '窗口人员', en: 'Clerk' },
  pressKey: { zh: '请按「%」键', en: 'Press the key: %' },
  pressed: { zh: '已收到', en: 'it was heard' },
  otherKey: {
    zh: '收到的是「%」：请检查 MANYI_BUTTON_PINS 的顺序或接线',
    en: '% answered instead: check its wires, or the order of MANYI_BUTTON_PINS',
  },
  noPress: { zh: '% 秒内没有收到按键：请检查接线', en: 'no press within % s: check its wires' },
  keysOnScreen: { zh: '屏幕即按键（MANYI_BUTTONS=%）', en: 'the screen has the keys (MANYI_BUTTONS=%)' },
  noLamps: { zh: '此按键方式没有指示灯（MANYI_BUTTONS=%）', en: 'such keys have none (MANYI_BUTTONS=%)' },
  allLit: { zh: '所有表情灯和刷卡灯都亮了吗？', en: 'Are the lamps of all faces lit, and the badge lamp?' },
  onlyBadgeLit: { zh: '现在只有刷卡灯亮吗？', en: 'Is only the badge lamp lit now?' },
  notLit: { zh: '有灯不亮：请检查接线', en: 'a lamp is dark: check its wires' },
  notDark: { zh: '有灯不灭：请检查接线', en: 'a lamp does not go out: check its wires' },
  seen: { zh: '已看到', en: 'seen' },
  tapBadge: { zh: '请刷卡', en: 'Show a badge to the reader' },
  tapTyped: {
    zh: '请刷卡（读卡器向本机屏幕输入；远程登录时收不到，请输入 s 跳过）',
    en: 'Show a badge to the reader, which types at this machine (from afar it cannot be seen: s skips it)',
  },
  tapped: { zh: '卡号末四位 %', en: 'a badge ending in %' },
  noBadge: {
    zh: '% 秒内没有读到卡：请检查读卡器，以及 MANYI_BADGE_ 开头的设置',
    en: 'no badge within % s: check the reader, and the settings that begin with MANYI_BADGE_',
  },
  notBadge: { zh: '读到的不是卡号：%', en: 'what came is no badge: %' },
  waitMicrophone: { zh: '正在打开麦克风……', en: 'Opening the microphone …' },
  speakNow: { zh: '请对着麦克风说话（% 秒）', en: 'Speak to the microphone now (% s)' },
  noSound: { zh: '% 秒内没有声音', en: 'no sound within % s' },
  onlySilence: {
    zh: '只有静音：请用 alsamixer 检查是否被静音',
    en: 'nothing but silence: see with alsamixer whether it is muted',
  },
  deafChannel: {
    zh: '第 % 声道只有静音：请检查插头和开关，或用 alsamixer 提高音量',
    en: 'channel % gives nothing but silence: see that it is plugged in and switched on, and raise it with alsamixer',
  },
  noSpeech: {
    zh: '没有听到人声（%）：请靠近或用 alsamixer 提高音量',
    en: 'no speech was heard (%): come nearer, or raise it with alsamixer',
  },
  tooLoud: {
    zh: '声音过大、失真（%）：请用 alsamixer 降低音量',
    en: 'too loud, it is distorted (%): lower it with alsamixer',
  },
  speechShare: { zh: '人声占 %％', en: 'speech in % % of the time' },
  playBack: { zh: '播放刚才的录音……', en: 'Playing back what you said …' },
  heardYourself: { zh: '听到自己的声音了吗？', en: 'Did you hear yourself?' },
  notHeard: {
    zh: '没有听到：请检查扬声器音量和 MANYI_SPEAKER_DEVICE',
    en: 'not heard: check its volume, and MANYI_SPEAKER_DEVICE',
  },
  sayNow: { zh: '扬声器正在播放邀请语……', en: 'The speaker says the invitation …' },
  heardInvitation: { zh: '听到邀请评价的语音了吗？', en: 'Did you hear it?' },
  heard: { zh: '已听到', en: 'heard' },
  noAnswer: { zh: '没有得到回答', en: 'no answer was given' },
  notSet: { zh: '%=none', en: '%=none' },
  allWell: { zh: '自检通过。', en: 'Everything that this terminal has works.' },
  wellButSkipped: { zh: '检测过的部件均正常，跳过 % 项。', en: 'What was tried works; % skipped.' },
  notWell: { zh: '有 % 项故障，见上表。', en: '% did not pass: see the table.' },
} as const satisfies Record<string, Words>;

/** Says something in the language that was chosen. */
export type Say = (text: keyof typeof texts, put?: string | number) => string;

export function sayIn(language: Language): Say {
  return (text, put = '') => texts[text][language].replace('%', String(put));
}
