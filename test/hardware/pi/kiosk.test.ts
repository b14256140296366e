import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { runInGuest } from '../guest/guest.ts';
import { copyOf, freshPi } from './root.ts';

/** What somebody would see of the browser's service at a Pi that has just started: one word and what follows for each thing seen. */
const command = `
settle() { for n in $(seq 300); do if eval "$1" >/dev/null 2>&1; then return 0; fi; sleep 1; done; return 1; }
of_screen() { systemctl show --property "$1" --value manyi-screen.service; }
browser() { for one in $(grep -lsz -e --kiosk /proc/[0-9]*/cmdline); do ! grep -q chromium "\${one%cmdline}comm" || return 0; done; return 1; }
# It is a service like this one, and systemd starts both.
settle 'systemctl is-active manyi-screen.service' && echo "active, begun anew $(of_screen NRestarts) times"
first=$(of_screen MainPID)
settle browser && echo "$(stat -c %U "/proc/$first") runs $(cat "/proc/$first/comm") with a browser"
kill -9 "$first"
settle '[ "$(of_screen MainPID)" -gt 0 ] && [ "$(of_screen MainPID)" != '"$first"' ] && systemctl is-active manyi-screen.service && browser' && echo shown anew after a kill
# And now there is no display that it could use.
printf '[Service]\\nEnvironment=WLR_DRM_DEVICES=/dev/none\\n' >/etc/systemd/system/manyi-screen.service.d/none.conf
systemctl daemon-reload
systemctl restart --no-block manyi-screen.service
settle 'journalctl --output=cat --unit=manyi-screen.service | grep "cage has opened no display"' && echo told that there is no display
rm /etc/systemd/system/manyi-screen.service.d/none.conf
systemctl daemon-reload
settle '! systemctl is-active manyi-screen.service'
settle 'systemctl is-active manyi-screen.service && browser' && echo shown when there is one
journalctl --no-pager --unit=manyi-screen.service | tail -60
`;

/** What the guest lacks: a processor for graphics, whose work its own would do far too slowly. */
const withoutGraphics = '[Service]\nEnvironment=WLR_RENDERER=pixman\n';

it('the browser starts with the Pi, and is started anew when it dies or finds no display', {
  timeout: 1_500_000,
}, async () => {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  const pi = copyOf(freshPi(), join(folder, 'root'));
  const installed = pi.sh('/checkout/firmware/pi/install.sh --screen yes');
  expect(installed.status, installed.output).toBe(0);
  const added = '/etc/systemd/system/manyi-screen.service.d';
  expect(pi.sh(`mkdir ${added} && printf '${withoutGraphics}' >${added}/guest.conf`).status).toBe(0);
  const out = makeFolder();
  onTestFinished(() => removeFolder(out));
  const screen = await runInGuest(command, out, 1_200_000, { systemOf: pi.folder, display: true });
  const told = readFileSync(join(out, 'told'), 'utf8');
  console.log(told);
  expect(told.split('\n').slice(0, 5), screen.slice(-2000)).toEqual([
    'active, begun anew 0 times',
    'manyi-screen runs cage with a browser',
    'shown anew after a kill',
    'told that there is no display',
    'shown when there is one',
  ]);
});
