/** What a terminal published, as it came. `site` and `terminal` are its topic's, which the broker has checked. */
export interface Message {
  readonly site: string;
  readonly terminal: string;
  readonly channel: 'events' | 'status';
  readonly topic: string;
  readonly payload: Buffer;
  /** Epoch milliseconds. */
  readonly arrived: number;
}
