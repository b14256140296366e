# shellcheck shell=bash
# The packages of Debian, and the agent's program: compiled in the checkout, copied to /opt/manyi without what only builds.
# Needs state.sh.
here=${here:?}
state=${state:?}

program=/opt/manyi
checkout=$(cd "$here/../.." && pwd)
parts=(agent agent/screen/web)

packages() {
  echo nodejs ca-certificates systemd-timesyncd gpiod alsa-utils libusb-1.0-0
  # Chromium does not start where it may not lock itself in: by its own means, if not by the kernel's.
  [[ ${screen:-no} != yes ]] || echo cage chromium chromium-sandbox fonts-noto-cjk
  local microphone=${asked[MANYI_MICROPHONE]:-$(setting MANYI_MICROPHONE)}
  [[ $microphone != sox ]] || echo sox libsox-fmt-alsa
  # It codes what a microphone hears.
  [[ ${microphone:-none} == none ]] || echo opus-tools
}

# A fresh Raspberry Pi OS looks for updates by itself: whoever has apt now is waited for.
apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -qq "$@"; }

# For the lock of its lists apt does not wait by itself.
update_lists() {
  local tries
  for ((tries = 0; tries < 60; tries++)); do
    if LC_ALL=C apt_get update 2>"$state/apt"; then break; fi
    if ! grep -q 'Could not get lock' "$state/apt"; then break; fi
    sleep 10
  done
  cat "$state/apt" >&2
  rm "$state/apt"
}

missing_packages() {
  local name
  for name in $(packages); do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
}

keep_packages() {
  local name
  for name in $(missing_packages); do differs "the package $name" || true; done
}

# What is installed along is written down: uninstall.sh gives it back.
install_packages() {
  mkdir -p "$state"
  local missing
  missing=$(missing_packages)
  packages_installed || missing+=" $(compilers)"
  [[ -n ${missing// /} ]] || return 0
  dpkg-query -W -f '${Package}\n' | sort >"$state/before"
  update_lists
  # shellcheck disable=SC2086
  apt_get install -y --no-install-recommends $missing >/dev/null
  dpkg-query -W -f '${Package}\n' | sort | comm -13 "$state/before" - >>"$state/packages"
  rm "$state/before"
}

# Only what nobody else has come to need goes.
give_packages_back() {
  [[ -s $state/packages ]] || return 0
  local ours
  # shellcheck disable=SC2016
  mapfile -t ours < <(sort -u "$state/packages" | xargs dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/ installed$//p')
  if apt-get -s purge "${ours[@]}" | sed -n 's/^Purg \([^ ]*\) .*/\1/p' | grep -qvxFf <(printf '%s\n' "${ours[@]}"); then
    apt-mark -qq auto "${ours[@]}" >/dev/null
    apt_get autoremove --purge -y >/dev/null
  else
    apt_get purge -y "${ours[@]}" >/dev/null
  fi
}

compilers() {
  local name
  for name in npm g++ make python3; do command -v "$name" >/dev/null || echo "$name"; done
}

# The packages that the chosen kinds of hardware are driven by. npm takes them for optional: one that it could not compile is
# missing without a word.
drivers() {
  [[ ${buttons:?} != onoff ]] || echo onoff
  [[ $buttons != firmata && ${badge:?} != serial ]] || echo serialport
  [[ $badge != hid ]] || echo node-hid
}

missing_drivers() {
  local name
  for name in $(drivers); do
    (cd "$checkout/firmware" && node -e "require('$name')") >/dev/null 2>&1 || echo "$name"
  done
}

packages_installed() {
  [[ ! $checkout/package-lock.json -nt $checkout/node_modules/.package-lock.json && -z $(missing_drivers) ]]
}

# Whether the program is compiled from the sources as they are now; after a `git pull` it is not.
is_compiled() {
  local told
  packages_installed && told=$(cd "$checkout" && node node_modules/typescript/bin/tsc -b --dry "${parts[@]}" 2>&1) &&
    ! grep -q 'would build' <<<"$told"
}

# As whoever the checkout belongs to: root needs to own nothing in it.
as_owner() { runuser -u "$(stat -c %U "$checkout")" -- sh -c "cd '$checkout' && $1"; }

build_program() {
  if ! packages_installed; then
    say "Installing npm packages and compiling (a quarter of an hour and more on a small Pi)"
    as_owner "npm ci -w config -w firmware -w agent --include-workspace-root --no-audit --no-fund --loglevel=error"
    packages_installed || stop "npm could not make $(missing_drivers | xargs): to see why, run npm ci --foreground-scripts in $checkout"
  fi
  as_owner "node node_modules/typescript/bin/tsc -b ${parts[*]}"
}

# The files of the program, below the checkout: what is compiled, and the packages that it needs at work.
program_files() {
  {
    cd "$checkout" || exit
    echo package.json
    find config firmware agent -path '*/node_modules' -prune -o \( -path '*/dist/*' -o -path '*/page/*' -o -name package.json -o -name '*.example.env' -o -path 'firmware/pi/*' -o -path 'firmware/speaker/*' \) -type f ! -name '*.map' ! -name '*.d.ts' ! -name '*.tsbuildinfo' -print
    "$here/needed.mjs" "$checkout"
  } | sort -u
}

fingerprint() { (cd "$1" && tr '\n' '\0' | xargs -0 sha256sum --zero 2>/dev/null | sha256sum); }

settle_program() {
  local wanted=""
  [[ ! -f $program/.fingerprint ]] || wanted=$(cat $program/.fingerprint)
  if [[ -z $wanted ]]; then
    mend_program "the program in $program"
  elif [[ $(fingerprint $program <$program/.files) != "$wanted" ]]; then
    mend_program "the program in $program is whole"
  elif ! is_compiled || [[ $(program_files | fingerprint "$checkout") != "$wanted" ]]; then
    mend_program "the program in $program is that of $checkout"
  fi
}

mend_program() {
  if differs "$1"; then copy_program; fi
}

copy_program() {
  rm -rf $program.new
  mkdir -p $program.new
  program_files >$program.new/.files
  tar -C "$checkout" --owner=root --group=root --mode=u=rwX,go=rX -cf - -T $program.new/.files | tar -C $program.new -xf -
  mkdir -p $program.new/node_modules/@manyi
  local part
  for part in config firmware agent; do ln -sfn ../../$part $program.new/node_modules/@manyi/$part; done
  fingerprint $program.new <$program.new/.files >$program.new/.fingerprint
  rm -rf $program.old
  [[ ! -d $program ]] || mv $program $program.old
  mv $program.new $program
  rm -rf $program.old
  # shellcheck disable=SC2034
  restart=yes
}
