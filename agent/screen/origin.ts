/** The names under which this machine alone reaches the screen. */
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request was meant for this screen. The `Host` is checked because a foreign name can be made to lead to 127.0.0.1
 * (DNS rebinding).
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/** Whether a web page that opens a socket is this screen's own. Any page on the machine can try; browsers tell which it is. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, port: number): boolean {
  return isOwnHost(host, port) && origin === `http://${host}`;
}
