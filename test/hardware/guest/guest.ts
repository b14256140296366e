import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { debianRoot } from '../debian-root.ts';
import { guestKernel } from './kernel.ts';

const repository = new URL('../../../', import.meta.url).pathname;

/** The unit that runs the command where systemd runs everything else. */
const tryService = `[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=file:/out/told
StandardError=inherit
ExecStart=/bin/sh /out/command
ExecStopPost=/bin/sh -c 'sync; systemctl --force --force poweroff >/dev/null 2>&1'
`;

export interface GuestOptions {
  /** Another root than a clean Debian one, in which systemd starts what is installed there. */
  readonly systemOf?: string;
  /** Its one processor does a thousand million instructions in a second of its own clock, however long that takes around it. */
  readonly counted?: boolean;
  /** It has a display, which nobody looks at. */
  readonly display?: boolean;
}

const usual = ['-accel', 'tcg,thread=multi', '-smp', '2'];
const countedProcessor = ['-accel', 'tcg,thread=single', '-icount', 'shift=0,sleep=on', '-rtc', 'clock=vm'];

/**
 * Boots a machine with a kernel of its own, in a simulated processor, and runs a command there in the repository's folder
 * `test`. What it writes to /out is in `out` afterwards. Resolves to what was on its console.
 */
export async function runInGuest(
  command: string,
  out: string,
  withinMs: number,
  { systemOf, counted = false, display = false }: GuestOptions = {},
): Promise<string> {
  const place = makeFolder();
  const { image, initrd } = guestKernel(place);
  writeFileSync(join(out, 'command'), command);
  writeFileSync(join(out, 'try.service'), tryService);
  const share = (path: string, tag: string, more: string) =>
    ['-virtfs', `local,path=${path},mount_tag=${tag},multidevs=remap,${more}`] as const;
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...[
        ...(counted ? countedProcessor : usual),
        '-cpu',
        'max',
        '-m',
        '1536',
        '-nographic',
        '-no-reboot',
        '-nic',
        'none',
      ],
      ...['-kernel', image, '-initrd', initrd],
      ...[
        '-append',
        `console=ttyS0 quiet panic=-1 mitigations=off edd=off${systemOf === undefined ? '' : ' manyi.systemd'}`,
      ],
      ...share(systemOf ?? debianRoot(), 'root', 'security_model=none,readonly=on'),
      ...share(repository, 'manyi', 'security_model=none,readonly=on'),
      ...share(out, 'out', 'security_model=mapped-xattr'),
      ...(display ? ['-vga', 'none', '-device', 'virtio-gpu-pci'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [qemu.stdout, qemu.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const tooLate = setTimeout(() => {
    text += `\nstopped: it had ${withinMs / 1000} s\n`;
    qemu.kill('SIGKILL');
  }, withinMs);
  await once(qemu, 'close');
  clearTimeout(tooLate);
  removeFolder(place);
  return text;
}
