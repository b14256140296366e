/** What can be wrong with a pin, and how it is mended. */
export type PinTrouble = 'permission' | 'taken' | 'missing';

/** One line of cause and mend. `setting` is the one that names the pin. */
export function pinTrouble(trouble: PinTrouble, pin: number, setting: string): string {
  switch (trouble) {
    case 'permission':
      return `no permission for GPIO${pin}: add the agent's user to the group gpio`;
    case 'taken':
      return `GPIO${pin} is taken by another driver: name another pin in ${setting}, or mend config.txt`;
    case 'missing':
      return `there is no GPIO${pin} on this board: mend ${setting}`;
  }
}

/** The setting that names a pin. */
export function settingOf(pin: number, clerkPin: number | undefined): string {
  return pin === clerkPin ? 'MANYI_CLERK_PIN' : 'MANYI_BUTTON_PINS';
}
