/** What is said where there is no room for a clip. */
export const noRoom = 'the disk for recordings is full: make room, or keep them for less time';

/** Whether the disk has room for clips, beside what is left free for everything else that the hub must write. */
export interface Room {
  /** Whether so many bytes more may come. Where they may not, it is full until they might. */
  takes(bytes: number): Promise<boolean>;
  isFull(): Promise<boolean>;
}

/** `free` is how many bytes the disk still takes, `leastFree` how many of them clips never take. */
export function createRoom(free: () => Promise<number>, leastFree: number): Room {
  let refused = 0;

  async function takes(bytes: number): Promise<boolean> {
    const has = (await free()) > leastFree + bytes;
    refused = has ? 0 : bytes;
    return has;
  }

  return { takes, isFull: async () => !(await takes(refused)) };
}
