# shellcheck shell=bash
# What a terminal consists of, each part by one function that looks at what is there and, unless --check was given, makes
# it so. `differs` is where the two ways part. Whoever reads this in has set `here` and `checking`.
here=${here:?}
checking=${checking:?}

etc=/etc/manyi
settings=$etc/agent.env
data=/var/lib/manyi
state=/var/lib/manyi-install
boot=/boot/firmware
user=manyi
screen_user=manyi-screen
changes=0
restart=no reboot=no

say() { printf '%s\n' "$*"; }
stop() { printf 'install.sh: %s\n' "$*" >&2; exit 2; }

one_of() {
  local name=$1 given=$2 kind
  shift 2
  for kind in "$@"; do [[ $kind == "$given" ]] && return; done
  stop "$name is wrong: it says $given, but knows ${*}"
}

# Says what differs; true when it is to be mended.
differs() {
  changes=$((changes + 1))
  if [[ $checking == yes ]]; then
    say "differs: $1"
    return 1
  fi
  say "changed: $1"
}

require_system() {
  # shellcheck disable=SC1091
  . /etc/os-release
  [[ ${VERSION_CODENAME:-} == trixie ]] || stop "this system is ${PRETTY_NAME:-unknown}: Raspberry Pi OS trixie is needed"
  [[ $(getconf LONG_BIT) == 64 ]] || stop "this system has 32 bits: the 64-bit Raspberry Pi OS is needed"
  [[ -f $boot/config.txt ]] || stop "there is no $boot/config.txt: this is no Raspberry Pi OS"
}

setting() { [[ ! -f $settings ]] || sed -n "s/^$1=//p" "$settings" | tail -n 1; }

# choice <setting>: what is asked for now, or else was before; nothing when `none` is asked for
choice() { if [[ -v asked[$1] ]]; then echo "${asked[$1]}"; else setting "$1"; fi; }

# What was chosen before stays until another choice is made.
load_choices() {
  [[ -n $screen ]] || screen=$(cat "$state/screen" 2>/dev/null || echo no)
  [[ -n $ntp ]] || ntp=$(cat "$state/ntp" 2>/dev/null || true)
  [[ $ntp != none ]] || ntp=""
  buttons=$(choice MANYI_BUTTONS)
  buttons=${buttons:-touch}
  badge=$(choice MANYI_BADGE_READER)
  badge=${badge:-screen}
  # A pin of the header means nothing on a USB panel, and the other way round.
  [[ -v asked[MANYI_CLERK_PIN] || $(panel_of "$buttons") == "$(panel_of "$(setting MANYI_BUTTONS)")" ]] || asked[MANYI_CLERK_PIN]=""
  if [[ $(panel_of "$buttons") == header ]]; then
    pins=$(choice MANYI_BUTTON_PINS)
    asked[MANYI_BUTTON_PINS]=${pins:=17,27,22,23}
    clerk_pin=$(choice MANYI_CLERK_PIN)
  fi
  badge_device=$(choice MANYI_BADGE_DEVICE)
  [[ $badge != hid || $badge_device =~ ^([0-9a-fA-F]{4}:[0-9a-fA-F]{4})?$ ]] ||
    stop "MANYI_BADGE_DEVICE is $badge_device: the rule that keeps a reader off the console needs vendor:product (--badge-device)"
  [[ $buttons != firmata ]] || asked[MANYI_PANEL_PORT]=/dev/manyi-panel
  [[ $badge != serial || -n $(setting MANYI_BADGE_PORT) ]] || asked[MANYI_BADGE_PORT]=$(header_port)
}

panel_of() { case $1 in onoff | gpiomon) echo header ;; firmata) echo usb ;; *) echo none ;; esac; }

# The serial line on pins 8 and 10. On a Pi 5 /dev/serial0 is another one.
header_port() { if grep -qs 'Raspberry Pi 5' /proc/device-tree/model; then echo /dev/ttyAMA0; else echo /dev/serial0; fi; }

make_group() {
  getent group "$1" >/dev/null && return
  ! differs "the group $1" || { groupadd --system "$1"; echo "$1" >>"$state/groups"; }
}

make_user() {
  local name=$1 home=$2 groups=$3 group
  if ! getent passwd "$name" >/dev/null; then
    ! differs "the user $name" || useradd --system --user-group --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$name"
  fi
  for group in $groups; do
    make_group "$group"
    id -nG "$name" 2>/dev/null | grep -qw "$group" && continue
    ! differs "the user $name is in the group $group" || usermod --append --groups "$group" "$name"
  done
}

settle_users() {
  make_user $user $data "gpio dialout audio"
  [[ $screen != yes ]] || make_user $screen_user /run/manyi-screen "video render input"
  folder "$data" 750 $user:$user
  folder "$etc" 755 root:root
}

# folder <path> <mode> <owner>
folder() {
  [[ -d $1 ]] || { differs "the folder $1" && mkdir -p "$1"; } || return 0
  permissions "$@"
}

# What was kept from an earlier time may belong to a number that is nobody's now, or another's: all below it goes along.
permissions() {
  [[ $(stat -c '%a %U:%G' "$1") == "$2 $3" ]] && return
  ! differs "$1 is $3's, with mode $2" || { chown -R "$3" "$1"; chmod "$2" "$1"; }
}

# The settings hold the enrolment code: nobody but root, and systemd for the agent, may read them.
settle_settings() {
  local name
  if [[ ! -f $settings ]]; then
    differs "the settings $settings" || return 0
    (umask 077 && printf '# Settings of this terminal: all of them are in /opt/manyi/config/agent.example.env\nMANYI_DATA=%s\n' "$data" >"$settings")
    restart=yes
  fi
  permissions "$settings" 600 root:root
  for name in "${!asked[@]}"; do
    [[ $(setting "$name") == "${asked[$name]}" ]] && continue
    differs "the setting $name" || continue
    (umask 077 && { grep -v "^$name=" "$settings"; [[ -z ${asked[$name]} ]] || echo "$name=${asked[$name]}"; } >"$settings.new" && mv "$settings.new" "$settings")
    restart=yes
  done
  [[ $checking == yes ]] || { mkdir -p "$state"; echo "$screen" >"$state/screen"; echo "$ntp" >"$state/ntp"; }
}

# file <where> <mode>: what stands on the standard input stands there. Nothing there when it is empty.
file() {
  local wanted
  wanted=$(cat; echo .)
  wanted=${wanted%.}
  if [[ -z $wanted ]]; then
    [[ ! -e $1 ]] || { differs "there is no $1" && rm -f "$1" && touched "$1"; } || true
  elif [[ ! -f $1 ]] || ! cmp -s "$1" <(printf %s "$wanted") || [[ $(stat -c '%a %U:%G' "$1") != "$2 root:root" ]]; then
    differs "$1" || return 0
    mkdir -p "$(dirname "$1")"
    printf %s "$wanted" >"$1.new"
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
    touched "$1"
  fi
}

touched() { [[ $1 != *.service && $1 != *.rules ]] || restart=yes; }

# only <condition> <file>: the file if the condition holds, nothing if not
only() { if [[ $1 == yes ]]; then cat "$here/files/$2"; fi; }
is() { if [[ $1 == "$2" ]]; then echo yes; else echo no; fi; }

badge_rules() {
  local id=${badge_device^^} one=()
  [[ -z $id ]] || one=(-e "s/^ENV{HID_NAME}.*/ENV{HID_ID}==\"*:0000${id%:*}:0000${id#*:}\", ENV{MANYI_BADGE}=\"1\"/")
  only "$(is "$badge" hid)" 70-manyi-badge.rules | sed -e '' "${one[@]}"
}

settle_files() {
  local units=/etc/systemd/system rules=/etc/udev/rules.d port
  port=$(setting MANYI_SCREEN_PORT)
  file $units/manyi-agent.service 644 <"$here/files/manyi-agent.service"
  file $units/manyi-screen.service 644 < <(only "$screen" manyi-screen.service)
  file $etc/screen.env 644 < <([[ $screen != yes ]] || echo "MANYI_SCREEN_PORT=${port:-8090}")
  file /usr/local/sbin/manyi-self-test 755 <"$here/files/manyi-self-test"
  file $rules/60-manyi-gpio.rules 644 <"$here/files/60-manyi-gpio.rules"
  file $rules/70-manyi-panel.rules 644 < <(only "$(is "$buttons" firmata)" 70-manyi-panel.rules)
  file $rules/70-manyi-badge.rules 644 < <(badge_rules)
  file /etc/systemd/journald.conf.d/manyi.conf 644 <"$here/files/journald.conf"
  file /etc/systemd/system.conf.d/manyi.conf 644 <"$here/files/watchdog.conf"
  file /etc/systemd/timesyncd.conf.d/manyi.conf 644 < <([[ -z $ntp ]] || printf '[Time]\nNTP=%s\n' "$ntp")
}

begin_mark='# manyi: written by firmware/pi/install.sh'
end_mark='# manyi: end'

boot_lines() {
  echo "$begin_mark"
  echo '[all]'
  echo 'dtparam=watchdog=on'
  if [[ $buttons == onoff || $buttons == gpiomon ]]; then echo "gpio=$pins${clerk_pin:+,$clerk_pin}=ip,pu"; fi
  if [[ $badge == serial ]]; then printf 'enable_uart=1\n[pi5]\ndtparam=uart0=on\n[all]\n'; fi
  echo "$end_mark"
}

settle_boot() {
  local lines
  lines=$(sed -n "\\|^$begin_mark\$|,\\|^$end_mark\$|p" "$boot/config.txt")
  if [[ $lines != "$(boot_lines)" ]] && differs "the boot lines in $boot/config.txt"; then
    write_boot "$boot/config.txt" < <(remove_boot_lines; boot_lines)
  fi
  # A reader on the header's serial line, and the console on it too: the agent would read its log-in.
  if [[ $badge != serial ]]; then
    give_console_back
  elif grep -qE "$header_console" $boot/cmdline.txt && differs "no console on the badge reader's line in $boot/cmdline.txt"; then
    grep -oE "$header_console" $boot/cmdline.txt >"$state/console"
    write_boot $boot/cmdline.txt < <(sed -E "s/$header_console ?//g" $boot/cmdline.txt)
  fi
}

header_console='console=(serial0|ttyAMA0|ttyS0)(,[0-9a-z]+)?'

# Only the words that were taken: what else has been written there since stays.
give_console_back() {
  [[ -s $state/console ]] && differs "the console on the header's serial line in $boot/cmdline.txt" || return 0
  write_boot $boot/cmdline.txt < <(sed "1s/^/$(xargs <"$state/console") /" $boot/cmdline.txt)
  rm "$state/console"
}

remove_boot_lines() { sed "\\|^$begin_mark\$|,\\|^$end_mark\$|d" "$boot/config.txt"; }

# The boot partition knows no owners, and a power cut may come: a whole file, then its name.
write_boot() {
  cat >"$1.new"
  sync "$1.new"
  mv "$1.new" "$1"
  reboot=yes
}

settle_services() {
  local unit units="manyi-agent.service systemd-timesyncd.service"
  [[ $screen != yes ]] || units+=" manyi-screen.service"
  for unit in $units; do
    [[ $(systemctl is-enabled "$unit" 2>/dev/null) == enabled ]] && continue
    ! differs "the service $unit is enabled" || systemctl --quiet enable "$unit"
  done
  [[ -d /run/systemd/system ]] || return 0
  for unit in $units; do
    [[ $(systemctl is-active "$unit") == active ]] || [[ $unit == manyi-screen.service && $reboot == yes ]] || {
      ! differs "the service $unit runs" || restart=yes
    }
  done
}

finish() {
  if [[ $checking == yes ]]; then
    [[ $changes -eq 0 ]] && say "This is a terminal as install.sh makes it." && exit 0
    say "$changes differ: run install.sh to mend them."
    exit 1
  fi
  if [[ $restart == yes && -d /run/systemd/system ]]; then
    systemctl daemon-reload
    udevadm control --reload && udevadm trigger --subsystem-match=tty --subsystem-match=hidraw --subsystem-match=input --subsystem-match=gpio
    systemctl restart systemd-journald.service systemd-timesyncd.service manyi-agent.service
    [[ $screen != yes ]] || systemctl restart manyi-screen.service
  fi
  [[ $changes -gt 0 ]] || say "Nothing had to be changed."
  [[ $reboot == no ]] || say "Start the Pi anew, for its boot lines have changed: sudo reboot"
  if [[ -z $(setting MANYI_ENROLMENT_CODE) ]] && ! [[ -d $data/terminal ]]; then
    say "It belongs to no hub yet: make a code on the dashboard, then run install.sh --hub URL --code CODE"
  elif [[ -n ${asked[MANYI_ENROLMENT_CODE]:-} && $restart == yes && -d /run/systemd/system ]]; then
    tell_pairing
  fi
}

# What became of the code, in the agent's own words, as soon as the hub has answered.
tell_pairing() {
  local outcome="" seconds
  for ((seconds = 0; seconds < 60; seconds++)); do
    outcome=$(agent_log | pairing_outcome)
    [[ $outcome != "enrolled as "* ]] || { say "This terminal is $outcome."; return; }
    [[ -z $outcome || $outcome == "could not enrol yet"* ]] || stop "$outcome (install.sh --code CODE)"
    sleep 1
  done
  say "The hub has not taken the code yet; the terminal goes on trying: ${outcome:-journalctl -u manyi-agent says why}"
}

agent_log() {
  journalctl --quiet --output=cat "_SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value manyi-agent.service)"
}

# The last word on the code in the agent's log on the standard input; nothing while there is none.
pairing_outcome() {
  sed -nE 's/.*"msg":"((enrolled as|could not enrol yet|the hub refused the enrolment code|MANYI_(SITE|TERMINAL) )[^"]*)".*/\1/p' | tail -n 1
}
