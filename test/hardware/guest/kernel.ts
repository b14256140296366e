import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kept, run } from '../kept.ts';

/** A kernel that has GPIO lines, and a first file system with the modules that a guest needs, in a folder of the caller's. */
export interface GuestKernel {
  readonly image: string;
  readonly initrd: string;
}

const wanted = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'configfs',
  'uhid',
  'hid-generic',
  'evdev',
  'virtio-gpu',
];
const initScript = new URL('./init.sh', import.meta.url).pathname;

/** Debian's own kernel for this machine, with the simulated GPIO chip that Debian leaves out. */
export function guestKernel(place: string): GuestKernel {
  const version = firstMatch(run('/', 'apt-cache', 'depends', 'linux-image-amd64'), /linux-image-(\d\S+)/);
  const folder = kept(`kernel-${version}`, (begun) => {
    run(begun, 'apt-get', 'download', `linux-image-${version}`);
    unpack(begun, 'linux-image');
    run(begun, 'depmod', '-b', begun, version);
    buildGpioSim(join(begun, 'gpio-sim'), version);
  });
  const modules = join(folder, 'lib/modules', version);
  return {
    image: join(folder, 'boot', `vmlinuz-${version}`),
    initrd: makeInitrd(place, [...inOrder(modules), join(folder, 'gpio-sim/gpio-sim.ko')]),
  };
}

function unpack(folder: string, name: string): void {
  const file = readdirSync(folder).find((one) => one.startsWith(name) && one.endsWith('.deb')) ?? '';
  run(folder, 'dpkg-deb', '-x', file, '.');
}

/** gpio-sim and what it stands on, from the kernel's source: irq_sim uses a function that modules may not. */
function buildGpioSim(folder: string, version: string): void {
  mkdirSync(folder);
  const source = `linux-source-${firstMatch(version, /^(\d+\.\d+)/)}`;
  run(folder, 'apt-get', 'download', source);
  unpack(folder, source);
  const files = ['drivers/gpio/gpio-sim.c', 'drivers/gpio/gpiolib.h', 'kernel/irq/irq_sim.c'];
  run(
    folder,
    'tar',
    '-xJf',
    `usr/src/${source}.tar.xz`,
    '--strip-components=1',
    ...files.map((one) => `${source}/${one}`),
  );
  copyFileSync(join(folder, 'drivers/gpio/gpiolib.h'), join(folder, 'gpiolib.h'));
  copyFileSync(join(folder, 'drivers/gpio/gpio-sim.c'), join(folder, 'chip.c'));
  const irqs = readFileSync(join(folder, 'kernel/irq/irq_sim.c'), 'utf8');
  writeFileSync(
    join(folder, 'irqs.c'),
    irqs.replace(/handle_simple_irq\(irq_to_desc\((\w+)\)\)/, 'generic_handle_irq($1)'),
  );
  writeFileSync(join(folder, 'Makefile'), 'obj-m := gpio-sim.o\ngpio-sim-y := chip.o irqs.o\n');
  run(folder, 'make', '-C', `/usr/src/linux-headers-${version}`, `M=${folder}`, 'modules');
}

/** The wanted modules and all that they need, each after what it needs. */
function inOrder(modules: string): string[] {
  const needs = new Map(
    readFileSync(join(modules, 'modules.dep'), 'utf8')
      .split('\n')
      .map((line) => line.split(/:? /))
      .map(([file = '', ...others]): [string, string[]] => [file.replace(/:$/, ''), others]),
  );
  const files = [...needs.keys()];
  const found: string[] = [];
  const take = (file: string): void => {
    if (found.includes(file)) return;
    for (const other of needs.get(file) ?? []) if (other !== '') take(other);
    found.push(file);
  };
  for (const name of wanted) {
    const file = files.find((one) => basename(one).replace(/\.ko(\.\w+)?$/, '') === name);
    if (file === undefined) throw new Error(`this kernel has no module ${name}`);
    take(file);
  }
  return found.map((file) => join(modules, file));
}

function makeInitrd(folder: string, modules: readonly string[]): string {
  const tree = join(folder, 'initrd');
  mkdirSync(join(tree, 'modules'), { recursive: true });
  mkdirSync(join(tree, 'bin'), { recursive: true });
  copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
  copyFileSync(initScript, join(tree, 'init'));
  run(tree, 'chmod', '755', 'init');
  for (const [number, file] of modules.entries()) {
    const name = `${String(number).padStart(2, '0')}-${basename(file).replace(/\.xz$/, '')}`;
    if (file.endsWith('.xz')) run(tree, 'sh', '-c', `xz -dc "${file}" > "modules/${name}"`);
    else copyFileSync(file, join(tree, 'modules', name));
  }
  const initrd = join(folder, 'initrd.gz');
  run(tree, 'sh', '-c', `find . | cpio -o -H newc --quiet | gzip -1 > "${initrd}"`);
  return initrd;
}

function firstMatch(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing matches ${pattern} in: ${text}`);
  return found;
}
