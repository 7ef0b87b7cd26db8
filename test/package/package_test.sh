#!/usr/bin/env bash
# package_test.sh BUILD SOURCE: packs the program that was built in BUILD, and installs, uses and purges it in a root that
# has nothing but what Debian always has and what the package says that it needs. Nothing is fetched: that root is made of
# the files of packages that are installed here. Where that may not be done (no root, no user namespaces) it says so.
set -euo pipefail
build=$1 source=$2
if [[ -z ${IN_NAMESPACE-} ]]; then
  how=(--mount)
  if ((EUID != 0)); then how+=(--map-root-user); fi
  if ! command -v dpkg-shlibdeps >/dev/null || ! command -v apt-cache >/dev/null || ! unshare "${how[@]}" true; then
    echo "needs dpkg-dev, and rights to a mount namespace: the package was NOT tried" && exit 77
  fi
  IN_NAMESPACE=1 exec unshare "${how[@]}" "$0" "$@"
fi
folder=$(mktemp -d)
root=$folder/bare
trap 'umount -l "$root"/{dev,proc} 2>/dev/null || true; rm -rf "$folder"' EXIT
fail() { echo "$*" && exit 1; }

# --- the package
if SOURCE_DATE_EPOCH=$(git -C "$source" log -1 --format=%ct 2>/dev/null); then export SOURCE_DATE_EPOCH; else unset SOURCE_DATE_EPOCH; fi
cpack --config "$build/CPackConfig.cmake" -B "$folder/package" >"$folder/log" 2>&1 || { cat "$folder/log" && exit 1; }
package=$(echo "$folder"/package/provphone_*.deb)
if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error,warning "$package" || fail "lintian has something to say"
else
  echo "lintian is not installed: the package was not judged by it"
fi
# What a page needs to be read is checked without man-db, which a bare Debian lacks.
dpkg-deb -x "$package" "$folder/files"
for page in "$folder"/files/usr/share/man/man1/*.gz; do
  zcat "$page" | grep -q '^\.SH NAME' || fail "$page is no man page"
done

# --- the root
# names: those of packages in a list of dependencies, which may have versions and alternatives.
names() { tr ',|' '\n' | sed -E 's/[(:].*//; s/ //g' | grep . | sort -u; }
mapfile -t needed < <(dpkg-deb -f "$package" Depends | names)
# shellcheck disable=SC2016 # dpkg's own fields
mapfile -t base < <(dpkg-query -W -f '${Essential} ${Package}\n' | sed -n 's/^yes //p')
# shellcheck disable=SC2016 # likewise
mapfile -t all < <(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances "${needed[@]}" "${base[@]}" | sed -nE 's/^([a-z0-9][^:]*).*/\1/p' | sort -u |
  xargs dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p')
((${#all[@]} > ${#needed[@]})) || fail "the packages that are needed were not found"
mkdir -p "$root"/{dev,proc,tmp,root,var/lib/dpkg/{info,updates}}
mkdir -p "$root"/usr/{bin,sbin,lib,lib32,lib64,libx32}
for link in /bin /sbin /lib /lib32 /lib64 /libx32; do if [[ -L $link ]]; then cp -P $link "$root"; fi; done
dpkg -L "${all[@]}" | sort -u | while read -r file; do
  case $file in /usr/share/doc/* | /usr/share/locale/*) continue ;; esac
  if [[ -f $file || -L $file ]]; then echo "${file#/}"; fi
done >"$folder/list"
tar -C / -c --no-recursion -T "$folder/list" |
  tar -C "$root" -x --keep-directory-symlink --no-same-owner
cp /etc/passwd /etc/group /etc/hosts "$root/etc"
dpkg-query -s "${all[@]}" >"$root/var/lib/dpkg/status"
for name in "${all[@]}"; do
  for list in /var/lib/dpkg/info/"$name".list /var/lib/dpkg/info/"$name":*.list; do
    if [[ -e $list ]]; then cp "$list" "$root/var/lib/dpkg/info"; fi
  done
done
/sbin/ldconfig -r "$root"
if ! mount --rbind /dev "$root/dev" || ! { mount -t proc none "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"; }; then
  echo "nothing may be mounted here: the package was made, and NOT installed" && exit 77
fi
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot "$root" "$@"; }
everything() { (cd "$root" && find . -xdev -path ./var/lib/dpkg -prune -o -print | sort); }

# --- installed, used, purged
everything >"$folder/before"
dpkg --root="$root" --force-not-root -i "$package" >"$folder/log" 2>&1 || { cat "$folder/log" && fail "it cannot be installed"; }
everything >"$folder/installed"
inside provphone --version
inside provphone demo >"$folder/demo" || { cat "$folder/demo" && fail "the demonstration failed"; }
# shellcheck disable=SC2016 # the phone's macros, and a script for the shell inside
inside bash -c 'set -e; cd /tmp && mkdir www && echo "<flat-profile><GPP_A>a</GPP_A></flat-profile>" > www/000e08abcdef.xml
  provphone serve www --http 0 > ports & server=$!
  for _ in {1..100}; do grep -q http: ports && break; read -rt 0.1 _ <> <(:) || true; done
  rule=$(sed -nE "s|^.*(http://[^ ]*/).*|\1|p;q" ports)
  provphone run --rule "$rule\$MA.xml" --mac 000e08abcdef; kill $server; rm -r www ports' || fail "a phone was not provisioned"
inside bash -c 'cd /usr/share/doc/provphone/examples && provphone explain fixtures/scenarios/field-trigger.yaml --phone 000e08300007 --to 1h' ||
  fail "the examples do not work as they stand"
# As docs/how-to/ci.md has it: copied, and run.
inside test -x /usr/share/doc/provphone/examples/fixtures/ci/server.sh || fail "the server of the how-to cannot be started"
inside test -r /usr/share/doc/provphone/docs/how-to/../../fixtures/inventories/phones.csv || fail "links of the documents lead nowhere"
# shellcheck disable=SC2016
[[ $(inside bash -c 'source /usr/share/bash-completion/completions/provphone; COMP_WORDS=(provphone pa); COMP_CWORD=1
  _provphone; echo "${COMPREPLY[*]}"') == parameters ]] || fail "bash completes nothing"
for file in man/man1/provphone.1.gz man/man1/provphone-run.1.gz zsh/vendor-completions/_provphone fish/vendor_completions.d/provphone.fish \
  provphone/scenario.schema.json doc/provphone/copyright doc/provphone/changelog.gz doc/provphone/docs/tutorial.md; do
  [[ -s $root/usr/share/$file ]] || fail "/usr/share/$file is not there"
done
everything | diff "$folder/installed" - || fail "using it left something behind"
dpkg --root="$root" --force-not-root --purge provphone >"$folder/log" 2>&1 || { cat "$folder/log" && fail "it cannot be purged"; }
everything | diff "$folder/before" - || fail "purging it left something behind"
