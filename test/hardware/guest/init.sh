#!/bin/busybox sh
# The first program of a guest: modules, the shared folders under layers that can be written, and then what it is for.
/bin/busybox mkdir -p /proc /sys /dev /lower /upper /new
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in /modules/*; do insmod "$module" || echo "no $module"; done
mount -t configfs configfs /sys/kernel/config

# share <its name> <where>: a folder of the host, to be read; what is written goes no further than this guest
share() {
  mkdir -p "/lower/$1" "$2"
  mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose "$1" "/lower/$1" || echo "no share $1"
  mkdir -p "/upper/$1/changed" "/upper/$1/work"
  mount -t overlay -o "lowerdir=/lower/$1,upperdir=/upper/$1/changed,workdir=/upper/$1/work" overlay "$2"
}
mount -t tmpfs -o size=70% tmpfs /upper
share root /new
share manyi /new/manyi
mkdir -p /new/out
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /new/out
for folder in proc sys dev; do mount --move "/$folder" "/new/$folder"; done
if grep -q systemd /new/proc/cmdline; then
  cp /new/out/try.service /new/etc/systemd/system/try.service
  mkdir -p /new/etc/systemd/system/multi-user.target.wants
  ln -sf ../try.service /new/etc/systemd/system/multi-user.target.wants/try.service
  exec switch_root /new /usr/lib/systemd/systemd
fi
mkdir -p /new/dev/pts /new/dev/shm /new/run /new/tmp
mount -t devpts devpts /new/dev/pts
mount -t tmpfs tmpfs /new/run
mount -t tmpfs tmpfs /new/tmp
ip link set lo up
chroot /new /bin/sh -c 'cd /manyi/test && PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh /out/command </dev/null'
echo "guest ended with $?"
sync
poweroff -f
