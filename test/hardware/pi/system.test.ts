import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { runInGuest } from '../guest/guest.ts';
import { copyOf, freshPi } from './root.ts';

/** What somebody would do at a Pi that has just started: it prints one word and what follows for each thing seen. */
const command = `
# A chip like that of the header, and a badge reader, appear as they do on a Pi.
chip=/sys/kernel/config/gpio-sim/header
mkdir -p $chip/bank0
echo 54 > $chip/bank0/num_lines
echo pinctrl-bcm2711 > $chip/bank0/label
echo 1 > $chip/live
node -e '
  const fs = require("node:fs");
  const descriptor = Buffer.from(process.argv[1], "hex");
  const bytes = Buffer.alloc(4 + 256 + 20 + 4096);
  bytes.writeUInt32LE(11, 0); bytes.write("SYC ID&IC USB Reader", 4);
  bytes.writeUInt16LE(descriptor.length, 260); bytes.writeUInt16LE(3, 262);
  bytes.writeUInt32LE(0xffff, 264); bytes.writeUInt32LE(0x35, 268); descriptor.copy(bytes, 280);
  fs.writeSync(fs.openSync("/dev/uhid", "r+"), bytes);
  setInterval(() => {}, 1000);
' 05010906a101050719e029e71500250175019508810295017508810195057501050819012905910295017503910195067508150025650507190029658100c0 &
settle() { for n in $(seq 150); do if eval "$1" >/dev/null 2>&1; then return 0; fi; sleep 1; done; return 1; }
pid() { systemctl show --property MainPID --value manyi-agent.service; }
answers() { bash -c 'exec 3<>/dev/tcp/127.0.0.1/8090 && printf "HEAD / HTTP/1.0\\r\\nHost: 127.0.0.1:8090\\r\\n\\r\\n" >&3 && grep -q 200 <&3'; }
settle answers && echo "answers as $(stat -c %U /proc/$(pid))"
settle '[ "$(cat /sys/class/gpio/gpio*/edge 2>/dev/null | grep -c both)" = 4 ]' && echo "pins $(ls -d /sys/class/gpio/gpio[0-9]* | wc -l)"
udevadm settle
echo "reader $(stat -c '%G %a' /dev/hidraw0) inhibited $(grep -l SYC /sys/class/input/input*/name | xargs dirname | sed 's,$,/inhibited,' | xargs cat)"
settle '[ "$(pid)" -gt 0 ]' && first=$(pid) && kill -9 "$first"
settle '[ "$(pid)" -gt 0 ] && [ "$(pid)" != '"$first"' ] && answers' && echo restarted after a kill
settle '[ "$(pid)" -gt 0 ]' && second=$(pid) && kill -STOP "$second"
settle '[ "$(pid)" -gt 0 ] && [ "$(pid)" != '"$second"' ] && answers' && echo restarted by the watchdog
journalctl --no-pager --output=cat --unit=manyi-agent.service | grep -m 1 -o 'Watchdog timeout'
echo "state $(systemctl is-active manyi-agent.service)"
MANYI_DATA=/tmp/hub node /manyi/hub/dist/main.js >/out/hub 2>&1 &
settle 'grep -q ^Hub: /out/hub'
/manyi/firmware/pi/install.sh --hub http://127.0.0.1:8080 --code NONE-SUCH >/out/installer 2>&1
echo "installer ended with $?: $(tail -n 1 /out/installer)"
journalctl --no-pager --output=cat --unit=manyi-agent.service | tail -40
`;

it('starts with the Pi, has its pins and its reader, is started anew when it dies or hangs, and says what became of a code', {
  timeout: 1_200_000,
}, async () => {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  const pi = copyOf(freshPi(), join(folder, 'root'));
  const installed = pi.sh('/checkout/firmware/pi/install.sh --buttons onoff --badge hid');
  expect(installed.status, installed.output).toBe(0);
  const out = makeFolder();
  onTestFinished(() => removeFolder(out));
  const screen = await runInGuest(command, out, 900_000, { systemOf: pi.folder });
  const told = readFileSync(join(out, 'told'), 'utf8');
  console.log(told);
  expect(told.split('\n').slice(0, 8), screen.slice(-2000)).toEqual([
    'answers as manyi',
    'pins 4',
    'reader manyi 660 inhibited 1',
    'restarted after a kill',
    'restarted by the watchdog',
    'Watchdog timeout',
    'state active',
    'installer ended with 2: install.sh: the hub refused the enrolment code: make a new one on the dashboard and set MANYI_ENROLMENT_CODE to it (install.sh --code CODE)',
  ]);
});
