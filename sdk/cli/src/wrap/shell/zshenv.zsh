# Read by each zsh. A -c that nobody noted yet goes through agenttrace; a prompt gets two hooks.
if [[ -n ${AGENTTRACE_USERS_ZDOTDIR-} ]]; then export ZDOTDIR=$AGENTTRACE_USERS_ZDOTDIR; else unset ZDOTDIR; fi
if [[ -n ${ZSH_EXECUTION_STRING+set} && ${AGENTTRACE_SHELL_PID-} != $PPID && -x ${AGENTTRACE_BIN-} && -d ${AGENTTRACE_RUN-} ]]; then
  if [[ -o login ]]; then exec "$AGENTTRACE_BIN" __shell zsh -l -c "$ZSH_EXECUTION_STRING" "$0" "$@"; fi
  exec "$AGENTTRACE_BIN" __shell zsh -c "$ZSH_EXECUTION_STRING" "$0" "$@"
fi
if [[ -f ${ZDOTDIR:-$HOME}/.zshenv ]]; then . "${ZDOTDIR:-$HOME}/.zshenv"; fi
if [[ -o interactive ]]; then
  __agenttrace_begin() { "$AGENTTRACE_BIN" __mark --shell-pid $$ --command "$1" 2>/dev/null }
  __agenttrace_end() { local code=$?; "$AGENTTRACE_BIN" __mark --shell-pid $$ --code $code 2>/dev/null; return $code }
  preexec_functions+=(__agenttrace_begin)
  precmd_functions=(__agenttrace_end $precmd_functions)
fi
