/** The Chinese of a single service and its evidence chain. */
export declare const service: {
  title: string;
  chain: string;
  chainHelp: string;
  outcome: string;
  started: string;
  ended: string;
  reason: string;
  took: string;
  arrived: string;
  arrivedAtOnce: string;
  unprompted: string;
  setAside: string;
  running: string;
  details: string;
  pressedAfter: string;
  pressedBefore: string;
  invitedBy: {
    clerk: string;
    automatic: string;
  };
  startedBy: {
    next: string;
    invite: string;
    press: string;
  };
  endedBy: {
    badge: string;
    'other-badge': string;
    command: string;
    restart: string;
  };
  presses: string;
  type: {
    'manyi.duty.started': string;
    'manyi.duty.paused': string;
    'manyi.duty.resumed': string;
    'manyi.duty.ended': string;
    'manyi.service.started': string;
    'manyi.service.ended': string;
    'manyi.rating.given': string;
    'manyi.press.ignored': string;
    'manyi.reason.given': string;
    'manyi.recording.made': string;
    'manyi.panel.counted': string;
    'manyi.terminal.changed': string;
    'manyi.outbox.voided': string;
  };
};
