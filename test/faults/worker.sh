# The worker of the fault campaign: does what its task's kind says and notes when it begins and ends.
# sh worker.sh WITNESS KINDS, in its worktree; KINDS is like ` T002:back T004:ask `. The witness is a file outside the project; a folder beside it counts.
witness=$1
kinds=$2
task=$ORCHESTRATE_TASK
token=$ORCHESTRATE_TOKEN
# Another worker of the same task that is alive at this moment is what must never be.
grep "^start $task " "$witness" 2>/dev/null | while read -r _ _ other pid _; do
  [ "$pid" != $$ ] && tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -q "^ORCHESTRATE_TOKEN=$other\$" &&
    echo "double $task $token $other" >>"$witness"
done
echo "start $task $token $$" >>"$witness"
brief=$(cat)
say() {
  echo "end $task $token $$" >>"$witness"
  printf '{"type":"result","report":{"status":"%s","summary":"%s","files":[]}}\n' "$1" "$2"
  exit 0
}
# True the first time it is asked for this task.
first() {
  mkdir "$witness.$task.$1" 2>/dev/null
}
case $kinds in
  *" $task:back "*)
    if first back; then say DONE "did nothing, to be sent back"; fi
    ;;
  *" $task:fail "*)
    if first fail; then
      echo "end $task $token $$" >>"$witness"
      exit 1
    fi
    ;;
  *" $task:ask "*)
    case $brief in
      *"it is blue"*) echo "blue" >"$task.txt" ;;
      *) say NEEDS_CONTEXT "which colour?" ;;
    esac
    ;;
  *" $task:meet "*)
    if grep -q '^<<<<<<<' shared.txt; then
      grep -v '^[<=>|]\{7\}' shared.txt >shared.new
      mv shared.new shared.txt
    elif ! grep -qx "$task" shared.txt; then
      echo "$task" >>shared.txt
    fi
    ;;
  # What workers should not do. Only the first worker of such a task does it.
  *" $task:mute "*) if first mute; then exit 0; fi ;;
  *" $task:linger "*)
    echo "$task" >"$task.txt"
    printf '{"type":"result","report":{"status":"DONE","summary":"and on it goes","files":[]}}\n'
    sleep 1000
    ;;
  *" $task:silent "*) if first silent; then sleep 1000; fi ;;
  *" $task:stuck "*) if first stuck; then echo hello && sleep 1000; fi ;;
  *" $task:flood "*) if first flood; then while :; do echo "a line that says nothing, again and again"; done; fi ;;
  *" $task:deaf "*) if first deaf; then trap "" TERM && while :; do sleep 1; done; fi ;;
  *" $task:daemon "*)
    echo "$task" >"$task.txt"
    (setsid sleep 1000 >/dev/null 2>&1 &)
    ;;
  *" $task:halt "*) if first halt; then kill -STOP $$; fi ;;
  *" $task:closed "*) if first closed; then exec >&- 2>&- && sleep 1000; fi ;;
  *" $task:limited "*)
    if first limited; then
      printf '{"type":"result","subtype":"success","is_error":true,"result":"too many requests, retry-after: 3","api_error_status":429}\n'
      exit 1
    fi
    ;;
  *" $task:crash "*) exit 1 ;;
  # Works for long until WITNESS.awake is there, and stops at once when it is asked to; or does not.
  *" $task:nap "*) if ! [ -e "$witness.awake" ]; then sleep 1000; fi ;;
  *" $task:rude "*) if ! [ -e "$witness.awake" ]; then trap "" TERM HUP INT && while :; do sleep 1; done; fi ;;
  # Says something all the time until WITNESS.awake is there, and ten times more.
  *" $task:chat "*)
    until [ -e "$witness.awake" ]; do echo still here && sleep 0.1; done
    for _ in 1 2 3 4 5 6 7 8 9 10; do echo still here && sleep 0.1; done
    ;;
  *" $task:slow "*) sleep 0.15 ;;
esac
[ -e "$task.txt" ] || case $kinds in *" $task:meet "*) ;; *) echo "$task" >"$task.txt" ;; esac
say DONE "did $task"
