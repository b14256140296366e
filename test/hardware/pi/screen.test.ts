import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { freePort } from '../../support/process.ts';
import { copyOf, freshPi, type PiRoot } from './root.ts';

let folder: string;
let pi: PiRoot;
beforeAll(() => {
  folder = makeFolder();
  pi = copyOf(freshPi(), join(folder, 'root'));
});
afterAll(() => removeFolder(folder));

/**
 * Starts the agent, and the command line of the installed unit as its user, on a display that exists in memory only. Prints how
 * many connections the browser has to the agent, and leaves a picture of what is shown.
 */
const command = (port: number) => `
mkdir -p /dev/shm && mount -t tmpfs tmpfs /dev/shm
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends grim >/dev/null 2>&1
cd /opt/manyi
setpriv --reuid manyi --regid manyi --init-groups env MANYI_DATA=/var/lib/manyi MANYI_SCREEN_PORT=${port} node agent/dist/main.js >/tmp/agent 2>&1 &
agent=$!
until bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' 2>/dev/null; do sleep 0.2; done
install -d -o manyi-screen -g manyi-screen -m 700 /run/manyi-screen
line=$(sed -n s/^ExecStart=//p /etc/systemd/system/manyi-screen.service)
as_screen() {
  setpriv --reuid manyi-screen --regid manyi-screen --init-groups env -i PATH=/usr/bin:/bin HOME=/run/manyi-screen XDG_RUNTIME_DIR=/run/manyi-screen \
    WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman MANYI_SCREEN_PORT=${port} WAYLAND_DISPLAY=wayland-0 sh -c "$1"
}
as_screen "exec $line" >/tmp/screen 2>&1 &
screen=$!
there=$(printf '0100007F:%04X 01' ${port})
connections() { awk -v there="$there" -v uid="$(id -u manyi-screen)" '($3 " " $4) == there && $8 == uid' /proc/net/tcp | wc -l; }
for n in $(seq 120); do [ "$(connections)" -eq 0 ] || break; sleep 0.5; done
sleep 5
echo "connections $(connections)"
as_screen 'exec grim -' >/shown.png || tail -n 20 /tmp/screen
kill $screen $agent || true
wait
`;

/** How many colours a part of a picture has: width:height:left:top. */
function coloursIn(picture: string, part: string): number {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const pixels = execFileSync('ffmpeg', ['-v', 'error', '-i', picture, '-vf', `crop=${part}`, ...raw], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return new Set(Array.from({ length: pixels.length / 3 }, (_, n) => pixels.readUIntBE(3 * n, 3))).size;
}

it('opens the counter screen in the browser, alone on a display', { timeout: 900_000 }, async () => {
  const installed = pi.sh('/checkout/firmware/pi/install.sh --screen yes');
  expect(installed.status, installed.output).toBe(0);
  const { output } = pi.sh(command(await freePort()));
  expect(output).toMatch(/^connections [1-9]/);
  const picture = join(pi.folder, 'shown.png');
  // Faces across the middle; and nothing of the browser's own, as the question whether to translate, lies over the page's corner.
  expect(coloursIn(picture, '860:130:370:275')).toBeGreaterThan(4);
  expect(coloursIn(picture, '420:60:860:0')).toBe(1);
});
