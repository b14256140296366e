// Makes a fresh checkout runnable, saying what it installs: the npm packages, the build, and for tests some Debian
// packages. Does nothing that is already done. Plain JavaScript, because it runs before anything is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const forHardware = process.argv.includes('--hardware');
const forBrowsers = process.argv.includes('--browsers');
const forTests = forHardware || forBrowsers || process.argv.includes('--tests');

/** What the tests need of Debian: the command or file that shows it is there, and the package that brings it. */
const testPackages = [
  { shows: '/usr/bin/chromium', package: 'chromium' },
  { shows: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', package: 'fonts-noto-cjk' },
  { shows: '/usr/bin/mosquitto_pub', package: 'mosquitto-clients' },
  { shows: '/usr/bin/strace', package: 'strace' },
  { shows: '/usr/bin/avr-gcc', package: 'gcc-avr' },
  { shows: '/usr/lib/avr/include/avr/io.h', package: 'avr-libc' },
  { shows: '/usr/bin/make', package: 'make' },
  { shows: '/usr/bin/socat', package: 'socat' },
  { shows: '/usr/bin/opusenc', package: 'opus-tools' },
  { shows: '/usr/bin/ffmpeg', package: 'ffmpeg' },
  { shows: '/usr/bin/pgrep', package: 'procps' },
  { shows: '/usr/bin/arecord', package: 'alsa-utils' },
  { shows: '/usr/share/alsa/alsa.conf.d/50-pulseaudio.conf', package: 'libasound2-plugins' },
  { shows: '/usr/bin/pulseaudio', package: 'pulseaudio' },
  { shows: '/usr/bin/pactl', package: 'pulseaudio-utils' },
  { shows: '/usr/bin/sox', package: 'sox' },
  { shows: '/usr/share/bug/libsox-fmt-pulse/presubj', package: 'libsox-fmt-pulse' },
  { shows: '/usr/bin/espeak-ng', package: 'espeak-ng' },
  { shows: '/usr/bin/faketime', package: 'faketime' },
];

/** What the hardware suite needs besides: simulators, a kernel's headers for a module, and the means to make a clean root. */
const hardwarePackages = [
  { shows: '/usr/bin/gcc', package: 'gcc' },
  { shows: '/usr/include/simavr/sim_avr.h', package: 'libsimavr-dev' },
  { shows: '/usr/include/libelf.h', package: 'libelf-dev' },
  { shows: '/usr/bin/qemu-system-x86_64', package: 'qemu-system-x86' },
  { shows: '/usr/share/doc/linux-headers-amd64', package: 'linux-headers-amd64' },
  { shows: '/usr/bin/xz', package: 'xz-utils' },
  { shows: '/usr/bin/cpio', package: 'cpio' },
  { shows: '/bin/busybox', package: 'busybox-static' },
  { shows: '/usr/sbin/debootstrap', package: 'debootstrap' },
  { shows: '/usr/bin/shellcheck', package: 'shellcheck' },
];

/** What the suite of other browsers needs besides: Firefox, WebKit with a screen to show itself on, and what that plays sound with. */
const browserPackages = [
  { shows: '/usr/bin/firefox-esr', package: 'firefox-esr' },
  { shows: '/usr/bin/WebKitWebDriver', package: 'webkit2gtk-driver' },
  { shows: '/usr/bin/Xvfb', package: 'xvfb' },
  { shows: '/usr/share/doc/gstreamer1.0-plugins-good', package: 'gstreamer1.0-plugins-good' },
  { shows: '/usr/share/doc/gstreamer1.0-libav', package: 'gstreamer1.0-libav' },
  { shows: '/usr/share/doc/gstreamer1.0-pulseaudio', package: 'gstreamer1.0-pulseaudio' },
];

/** What compiling the one native add-on needs. */
const compilers = [
  { shows: 'g++', package: 'g++' },
  { shows: 'make', package: 'make' },
  { shows: 'python3', package: 'python3' },
];

requireNode();
if (!packagesInstalled()) {
  debian(compilers, 'to compile the SQLite add-on');
  installPackages();
}
if (forTests) debian(testPackages, 'for the tests');
if (forHardware) debian(hardwarePackages, 'for the hardware suite');
if (forBrowsers) debian(browserPackages, 'for the suite of other browsers');
build();

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Manyi needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a newer one and try again.`);
}

function packagesInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function installPackages() {
  say('Installing the npm packages (a few minutes the first time: one is compiled)');
  run('npm', ['ci'], nodeHeaders());
}

/** Where Node's own headers lie beside it, the add-on is compiled against them and nothing more is fetched. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_version.h')) ? { npm_config_nodedir: prefix } : {};
}

function debian(needed, purpose) {
  const missing = needed.filter((one) => !present(one.shows)).map((one) => one.package);
  if (missing.length === 0) return;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  const rights = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  say(`Installing Debian packages ${purpose}: ${missing.join(' ')}`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  tryRun([...rights, 'apt-get', 'update', '-qq'], quiet);
  if (!tryRun([...rights, ...command], quiet)) {
    stop(`Could not install them. Run this yourself, then try again:  sudo ${command.join(' ')}`);
  }
}

function present(command) {
  if (command.startsWith('/')) return existsSync(command);
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
}

function build() {
  run('npx', ['tsc', '-b', ...(forTests ? [] : ['hub', 'agent', 'agent/screen/web'])]);
  const built = join(root, 'hub/web/dist/index.html');
  const sources = ['hub/web', 'config', 'package-lock.json'].map((name) => newest(join(root, name)));
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources)) return;
  say('Building the dashboard');
  run('npm', ['exec', '-w', 'hub', '--', 'vite', 'build', 'web', '--logLevel', 'warn']);
}

/** The latest change below a path, in milliseconds, leaving out what is built or installed. */
function newest(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const inside = readdirSync(path).filter(
    (name) => !['dist', 'node_modules'].includes(name) && !name.endsWith('.tsbuildinfo'),
  );
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}

function run(command, args, environment = {}) {
  const env = { ...process.env, ...environment };
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: env });
  } catch {
    stop(`\`${command} ${args.join(' ')}\` failed: mend what it says above, then try again.`);
  }
}

function tryRun([command, ...args], environment) {
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return result.status === 0;
}

function say(line) {
  console.log(`[manyi] ${line}`);
}

function stop(line) {
  console.error(`[manyi] ${line}`);
  process.exit(1);
}
