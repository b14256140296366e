/** Why a program cannot listen at an address, in one line that names the setting and the mend. `settings` is what their names begin with. */
export function listenFailure(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  settings: 'MANYI_HTTP' | 'MANYI_MQTT',
): Error {
  switch (code) {
    case 'EADDRINUSE':
      return new Error(
        `port ${port} on ${host} is taken by another program: stop it, or set ${settings}_PORT to a free port`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is not an address of this machine: set ${settings}_HOST to one that is`);
    case 'EACCES':
      return new Error(`port ${port} on ${host} is not allowed: set ${settings}_PORT to 1024 or more`);
    default:
      return new Error(`cannot listen on ${host}:${port}: ${message}`);
  }
}
