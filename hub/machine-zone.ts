/** The machine's time zone, for a site of its own. One that was never set says UTC, where no hall stands: then China's. */
export function machineZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === 'UTC' || zone === 'Etc/UTC' ? 'Asia/Shanghai' : zone;
}
