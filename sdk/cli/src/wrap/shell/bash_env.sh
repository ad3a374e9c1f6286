# Read by each bash that runs a script or a -c. A -c that nobody noted yet goes through agenttrace.
if [ -n "${BASH_EXECUTION_STRING+set}" ] && [ "${AGENTTRACE_SHELL_PID-}" != "$PPID" ] && [ -x "${AGENTTRACE_BIN-}" ] && [ -d "${AGENTTRACE_RUN-}" ]; then
  __agenttrace_options=
  for __agenttrace_letter in a b e f k m n p t u v x B C H; do
    case $- in *"$__agenttrace_letter"*) __agenttrace_options=$__agenttrace_options$__agenttrace_letter ;; esac
  done
  set -- "$0" "$@"
  __agenttrace_options=${__agenttrace_options:+-$__agenttrace_options}
  if shopt -q login_shell; then
    exec "$AGENTTRACE_BIN" __shell "$BASH" --login ${__agenttrace_options:+"$__agenttrace_options"} -c "$BASH_EXECUTION_STRING" "$@"
  fi
  exec "$AGENTTRACE_BIN" __shell "$BASH" ${__agenttrace_options:+"$__agenttrace_options"} -c "$BASH_EXECUTION_STRING" "$@"
fi
if [ -n "${AGENTTRACE_USERS_BASH_ENV-}" ]; then
  . "$AGENTTRACE_USERS_BASH_ENV"
fi
