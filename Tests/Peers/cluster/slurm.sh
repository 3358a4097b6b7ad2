#!/usr/bin/env bash
# A small Slurm on this machine: a controller and two nodes with one processor each, on loopback, with all
# files in FOLDER. It touches no other Slurm, because it has its own ports, key and configuration.
# usage: slurm.sh start FOLDER | slurm.sh stop FOLDER
set -euo pipefail
[ $# = 2 ] || { sed -n 's/^# usage: //p' "$0" >&2; exit 64; }
mkdir -p "$2"
folder=$(cd "$2" && pwd)
export SLURM_CONF=$folder/slurm.conf

start() {
  local host user
  host=$(hostname -s)
  user=$(id -un)
  mkdir -p "$folder"/{munge,state,spool-a,spool-b}
  chmod 700 "$folder/munge"
  head -c 1024 /dev/urandom > "$folder/munge/key"
  chmod 400 "$folder/munge/key"
  cat > "$SLURM_CONF" << CONF
ClusterName=geoatlas
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
SlurmUser=$user
SlurmdUser=$user
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
# Jobs start at once, instead of once a minute.
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
NodeName=a NodeHostname=$host NodeAddr=127.0.0.1 Port=16818 CPUs=1 RealMemory=1000
NodeName=b NodeHostname=$host NodeAddr=127.0.0.1 Port=16819 CPUs=1 RealMemory=1000
PartitionName=atlas Nodes=a,b Default=YES MaxTime=INFINITE State=UP
CONF
  munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
    --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
  slurmctld -f "$SLURM_CONF"
  slurmd -f "$SLURM_CONF" -N a
  slurmd -f "$SLURM_CONF" -N b
}

# Ends what start has started, by the numbers that it has written down, and waits until it has gone.
stop() {
  local file number
  for file in slurmd-a.pid slurmd-b.pid slurmctld.pid munge/pid; do
    [ -s "$folder/$file" ] || continue
    number=$(cat "$folder/$file")
    kill "$number" 2> /dev/null || continue
    timeout 20 tail --pid="$number" -f /dev/null || kill -9 "$number" || true
  done
}

case $1 in
  start) start ;;
  stop) stop ;;
  *) sed -n 's/^# usage: //p' "$0" >&2; exit 64 ;;
esac
