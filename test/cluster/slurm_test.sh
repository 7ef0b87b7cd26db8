#!/usr/bin/env bash
# fixtures/cluster/fleet.sbatch on a Slurm of one node that lives and dies with this test.
#   slurm_test.sh PROVPHONE FIXTURES
set -euo pipefail

provphone=$1 fixtures=$2
PATH=$PATH:/usr/sbin
for program in slurmctld slurmd munged sbatch; do
  command -v $program >/dev/null || { echo "SKIP_ $program is not installed"; exit 77; }
done
((EUID == 0)) || { echo "SKIP_ slurmd starts jobs as root only"; exit 77; }

work=$(mktemp -d /tmp/provphone-slurm-XXXXXX)
pids=()
clean_up() {
  local status=$?
  ((status == 0)) || tail -n 20 "$work"/*.log >&2 || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
  exit $status
}
trap clean_up EXIT

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  until "${@:2}" >/dev/null 2>&1; do
    ((SECONDS < end)) || { echo "gave up waiting for: ${*:2}" >&2; return 1; }
    sleep 0.1
  done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# --- the cluster
chmod 755 "$work"
mkdir -m 700 "$work"/{munge,state,spool}
head -c 128 /dev/urandom >"$work/munge/key" && chmod 400 "$work/munge/key"
munged --force --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" \
  --pid-file="$work/munge/pid" --log-file="$work/munged.log" --seed-file="$work/munge/seed" 2>>"$work/munged.log" &
pids+=($!)
until_true 100 test -S "$work/munge/socket"
chmod 711 "$work/munge"

host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
until_true 100 scontrol ping
slurmd -D -f "$SLURM_CONF" -N "$host" >"$work/slurmd.log" 2>&1 &
pids+=($!)
until_true 100 bash -c 'sinfo --noheader --format=%T | grep -qx idle'

# --- the server and the fleet
mkdir "$work/www"
echo '<flat-profile><GPP_A>everybody</GPP_A></flat-profile>' >"$work/www/all.xml"
"$provphone" serve "$work/www" --http 0 >"$work/serve.log" 2>&1 &
pids+=($!)
until_true 100 grep -q '^http://' "$work/serve.log"
origin=$(sed -n 's|^\(http://[^/]*\)/.*|\1|p' "$work/serve.log" | head -n 1)
cat >"$work/site.yaml" <<YAML
phones: [{group: site, count: 100, mac: 000e08300000, set: {Profile_Rule: "$origin/all.xml", Resync_Random_Delay: 0}}]
events: [{at: 0s, power_on: all, over: 1s}]
expect: [{parameter: GPP_A, equals: everybody}]
YAML
cd "$work"
export PROVPHONE=$provphone SCENARIO=$work/site.yaml RESULTS=$work/results FLEET_FLAGS='--until-converged --for 90s --lag-limit 1h --quiet'
sbatch --wait --array=1-3 --cpus-per-task=1 --output="$work/job-%a.log" --export=ALL "$fixtures/fleet.sbatch"

# --- three shards are all phones
"$provphone" report results/*.json --json merged.json
python3 - <<'PYTHON'
import json
merged = json.load(open("merged.json"))
assert merged["verdict"] == "pass", merged["verdict"]
assert merged["phones"] == 100, merged["phones"]
assert merged["groups"][0]["converged"] == 100, merged["groups"]
assert len(merged["shards"]) == 3, merged["shards"]
PYTHON
echo "100 phones in 3 tasks"
