import type {Job} from '../../contract/executor.ts';

export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The part of one job: which program, with what. Read by the batch script. */
export const taskText = ({argv, env, cwd, logFile, timeoutMs, inputs = [], outputs = []}: Job): string =>
  [
    `log=${quote(logFile)}`,
    `cwd=${quote(cwd)}`,
    `limit=${timeoutMs === undefined ? '' : String(timeoutMs / 1000)}`,
    `inputs=(${inputs.map(quote).join(' ')})`,
    `outputs=(${outputs.map(quote).join(' ')})`,
    'job() {',
    '  export DISTILL_PROGRESS_FD=3',
    ...Object.entries(env).map(([name, value]) => `  export ${name}=${quote(value)}`),
    `  exec setsid ${argv.map(quote).join(' ')}`,
    '}',
    '',
  ].join('\n');

interface Batch {
  /** What a job's folder must name for this submission to be the valid one. */
  readonly token: string;
  /** A file with the folder of each job of the array, one a line. */
  readonly list: string;
  /** Lines of bash, in a file; null for none. */
  readonly prologue: string | null;
  readonly patienceSeconds: number;
}

/**
 * What Slurm starts, for each job of an array. It must not run anything twice, so it first looks whether this submission
 * is still the one that counts; and it must not be lost, so its last act is to write the result beside the job, in one
 * rename. Times are differences on one machine's clock that only goes forward, and no machine compares them with its own.
 * A shared folder may show this node late what the runner wrote: all that is read is waited for.
 */
export const batchScript = ({token, list, prologue, patienceSeconds}: Batch): string => `#!/bin/bash
# Written by distill-pipeline; jobs of one stage. Each runs what its own folder says.
patience=${Math.ceil(patienceSeconds)}
until_true() { local left=$patience; until "$@"; do [ $((left--)) -gt 0 ] || return 1; sleep 1; done; }
is_there() { [ -r "$1" ] || { ls "\${1%/*}" >/dev/null 2>&1; [ -r "$1" ]; }; }
see() { until_true is_there "$1"; }
see ${quote(list)} || { echo "this node does not see ${list.replaceAll('"', '')}: is the project in a folder that all nodes share?" >&2; exit 1; }
folder=$(sed -n "$((\${SLURM_ARRAY_TASK_ID:-0} + 1))p" ${quote(list)})
see "$folder/token" || exit 1
result="$folder/result-${token}"
# Another submission has taken its place (or the folder still shows an earlier one), or it has been through here before.
is_valid() { [ "$(cat "$folder/token" 2>/dev/null)" = ${token} ]; }
until_true is_valid || exit 0
[ ! -e "$result" ] || exit 0
see "$folder/task-${token}.sh" || exit 1
. "$folder/task-${token}.sh" || exit 1
exec >>"$log" 2>&1 </dev/null
size() { local sizes each files=0 bytes=0; sizes=$(find "$1" -type f -printf '%s\\n' 2>/dev/null) || return; for each in $sizes; do files=$((files + 1)) bytes=$((bytes + each)); done; echo ":$files/$bytes"; }
tell() {
  local at written=
  for at in "\${!outputs[@]}"; do [ -e "\${outputs[at]}" ] && written="$written $at$(size "\${outputs[at]}")"; done
  { echo "kind=$1"; echo "code=$2"; echo "stopped=$stopped"; echo "seconds=$seconds"; echo "cpu=$cpu"; echo "written=$written"; echo "node=$(uname -n)"; echo "file=\${3-}"; } >"$folder/.result" && mv -f "$folder/.result" "$result"
  exit 0
}
stopped= seconds=0 cpu= pid=
${prologue === null ? '' : `. ${quote(prologue)} || tell prologue $?\n`}is_there "$cwd/." && cd "$cwd" || tell folder 1
for each in "\${inputs[@]}"; do see "$each" || tell unseen 1 "$each"; done
alive() { ps -o stat= -s "$pid" 2>/dev/null | grep -qv '^Z'; }
end() { kill -TERM -- "-$pid" 2>/dev/null; for _ in $(seq 50); do alive || return; sleep 0.1; done; kill -KILL -- "-$pid" 2>/dev/null; }
stop() { [ -n "$stopped" ] && return; stopped=$1; [ -n "$pid" ] && end & }
trap 'stop term' TERM INT
trap 'stop time' USR1
read -r began _ </proc/uptime
(job) 3>>"$folder/progress" &
pid=$!
timer=
if [ -n "$limit" ]; then
  (trap 'kill $nap; exit' TERM; sleep "$limit" & nap=$!; wait $nap; kill -USR1 $$) &
  timer=$!
fi
wait $pid; code=$?
# A signal of ours ends the waiting, not the job.
while [ -n "$stopped" ] && kill -0 $pid 2>/dev/null; do wait $pid; code=$?; done
[ -n "$timer" ] && kill $timer 2>/dev/null
alive && end
read -r ended _ </proc/uptime
seconds=$(awk "BEGIN {print $ended - $began}")
cpu=$(times | tail -n 1)
tell exited $code
`;
