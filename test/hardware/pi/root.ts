import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { debianRoot } from '../debian-root.ts';
import { kept, run } from '../kept.ts';

const repository = new URL('../../../', import.meta.url).pathname;

/** A root to try the installer in. */
export interface PiRoot {
  readonly folder: string;
  /** Runs a shell's command in it, with the checkout at /checkout. */
  sh(command: string): { readonly status: number | null; readonly output: string };
}

/** What Raspberry Pi OS has over a clean Debian, as far as the installer is concerned. */
const system = 'systemd systemd-timesyncd udev dbus libpam-systemd';
const configTxt = `# For more options and information see\n# http://rptl.io/configtxt\ndtparam=audio=on\n\n[cm4]\notg_mode=1\n`;
const cmdlineTxt =
  'console=serial0,115200 console=tty1 root=PARTUUID=4e639091-02 rootfstype=ext4 fsck.repair=yes rootwait\n';

/** A clean root like that of a fresh Raspberry Pi OS. It is kept, and no test changes it. */
export function freshPi(): PiRoot {
  const folder = kept('pi-1', (begun) => {
    const root = join(begun, 'root');
    run(begun, 'cp', '-a', '--reflink=auto', debianRoot(), root);
    mkdirSync(join(root, 'checkout'));
    mkdirSync(join(root, 'boot/firmware'));
    writeFileSync(join(root, 'boot/firmware/config.txt'), configTxt);
    writeFileSync(join(root, 'boot/firmware/cmdline.txt'), cmdlineTxt);
    const made = enter(root).sh(
      `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${system}`,
    );
    if (made.status !== 0) throw new Error(made.output);
  });
  return enter(join(folder, 'root'));
}

/** A copy of a root, to be changed. */
export function copyOf(pi: PiRoot, folder: string): PiRoot {
  rmSync(folder, { recursive: true, force: true });
  run('/', 'cp', '-a', '--reflink=auto', pi.folder, folder);
  return enter(folder);
}

/** Debian's packages are fetched once, for all roots and all runs of this suite. */
const archives = () => kept('archives', () => {});

/** Those that are kept, for this process alone: apt wants its folder of packages to itself. */
function ownArchives(): string {
  const folder = `${archives()}.${process.pid}`;
  if (existsSync(folder)) return folder;
  removeAbandoned(dirname(folder));
  mkdirSync(join(folder, 'partial'), { recursive: true });
  linkPackages(archives(), folder);
  return folder;
}

/** Those of processes that are no more: a test's process is not told that it ends. */
function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /^archives\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.endsWith('.deb') && !existsSync(join(to, name))) linkSync(join(from, name), join(to, name));
  }
}

/** Whom this machine trusts, the root trusts too: some networks look into what npm fetches. */
const entering = `
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/run"
mount --bind "$2" "$1/checkout"
test "$5" != ro || mount -o remount,bind,ro "$1/checkout"
mount --bind "$3" "$1/var/cache/apt/archives"
mount --bind /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
exec chroot "$1" env -i \${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 sh -c "$4" 2>&1
`;

/** The same root with another checkout, that may be changed. */
export function withCheckout({ folder }: PiRoot, checkout: string): PiRoot {
  return enter(folder, checkout, 'rw');
}

function enter(folder: string, checkout = repository, rights = 'ro'): PiRoot {
  return {
    folder,
    sh(command) {
      const args = ['--mount', '--pid', '--fork', '--kill-child', '--', 'sh', '-ec', entering, 'sh'];
      const packages = ownArchives();
      const { status, stdout } = spawnSync('unshare', [...args, folder, checkout, packages, command, rights], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 64 * 1024 * 1024,
      });
      linkPackages(packages, archives());
      return { status, output: stdout };
    },
  };
}
